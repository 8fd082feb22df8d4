/** A day after what tests make now was made, certificates of lab nodes included: ISO 8601, UTC. */
export const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString()
