import type { Json } from '../../../model/finding.ts'
import { textAt } from '../json.ts'

/** Takes the objects of one resource as they come, page by page, and keeps what checks look at. */
export interface ListReader {
  add(object: unknown): void
  /** What is kept, in an order that does not depend on the server's. */
  finish(): readonly Json[]
}

/** One object cut down; `undefined` drops it, a text says what is wrong with its form. */
export type Cut = (object: unknown) => { readonly [field: string]: Json } | string | undefined

/** An object whose form is not what its resource promises: it is not taken for one without the fields. */
export function broken(object: unknown, problem: string): { readonly [field: string]: Json } {
  const namespace = textAt(object, 'metadata', 'namespace')
  return {
    ...(namespace === undefined ? {} : { namespace }),
    name: textAt(object, 'metadata', 'name') ?? '',
    broken: problem,
  }
}

/** Reads each object by itself. Sorted by namespace and name. */
export function eachBy(cut: Cut): () => ListReader {
  return () => {
    const kept: { readonly [field: string]: Json }[] = []
    return {
      add: (object) => {
        const one = textAt(object, 'metadata', 'name') === undefined ? 'it has no name' : cut(object)
        if (one !== undefined) kept.push(typeof one === 'string' ? broken(object, one) : one)
      },
      finish: () => kept.sort(byNamespaceAndName),
    }
  }
}

function byNamespaceAndName(
  first: { readonly [field: string]: Json },
  second: { readonly [field: string]: Json },
): number {
  return compareText(first.namespace, second.namespace) || compareText(first.name, second.name)
}

function compareText(first: Json | undefined, second: Json | undefined): number {
  const [left, right] = [String(first ?? ''), String(second ?? '')]
  return left < right ? -1 : Number(left > right)
}

/** Where an object is found: its namespace, if it has one, and its name. */
export function place(object: unknown): { readonly namespace?: string; readonly name: string } {
  const namespace = textAt(object, 'metadata', 'namespace')
  const name = textAt(object, 'metadata', 'name') ?? ''
  return namespace === undefined ? { name } : { namespace, name }
}
