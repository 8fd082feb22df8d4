import { compact, textAt, wordsAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

/** Namespaces: their labels, which policies select by, and whether they are being removed. */
export const cutNamespace: Cut = (namespace) => ({
  ...place(namespace),
  ...compact({
    labels: wordsAt(namespace, 'metadata', 'labels'),
    isTerminating: textAt(namespace, 'status', 'phase') === 'Terminating',
  }),
})
