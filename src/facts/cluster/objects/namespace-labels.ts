import { compact, textAt, wordsAt } from '../json.ts'
import { type Cut, place } from './reader.ts'

/** Namespaces as selectors see them. */
export const cutNamespaceLabels: Cut = (namespace) => ({
  ...place(namespace),
  ...compact({
    labels: wordsAt(namespace, 'metadata', 'labels'),
    isEnding: textAt(namespace, 'status', 'phase') === 'Terminating',
  }),
})
