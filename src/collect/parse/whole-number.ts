/** Digits as a number that every part of khard holds exactly; null for anything else, however many digits. */
export function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
}
