import type { CollectFailure } from '../model/evidence.ts'

/** Each reason in words, and what a person can do about it. */
export const failureWords = {
  'permission-denied': {
    says: 'the account that collects may not read it',
    next: 'Collect as root (--sudo), or give the account read access.',
  },
  'sudo-missing': {
    says: 'root was needed and not granted',
    next: 'Allow the account sudo, or collect as root.',
  },
  'tool-missing': {
    says: 'a program needed to see it is not on the node',
    next: 'Install the program on the node, or answer the control by hand.',
  },
  'tool-failed': {
    says: 'the program that shows it answered with an error',
    next: 'Run the program on the node to see its error, then collect again.',
  },
  'timed-out': { says: 'the node did not answer in time', next: 'Collect again with a longer --timeout.' },
  truncated: {
    says: 'it is larger than what is collected',
    next: 'Look at it on the node; a file this large is unusual.',
  },
  'not-text': { says: 'it is not text', next: 'Look at it on the node; the file may be damaged.' },
  unparsable: {
    says: 'it is not in the form it claims',
    next: 'Correct the file or setting on the node, then collect again.',
  },
  'changed-while-reading': { says: 'it changed while it was read', next: 'Collect again.' },
  'odd-name': {
    says: 'its name holds control characters',
    next: 'Look at the file on the node; a name like this is unusual.',
  },
  offline: {
    says: 'nothing runs in an image',
    next: 'Audit the running node to answer this.',
  },
  unreachable: {
    says: 'the target did not answer',
    next: 'Check the address and the network, then collect again.',
  },
  disconnected: { says: 'the connection ended before it was sent', next: 'Collect again.' },
  interrupted: { says: 'the run was stopped', next: 'Run again to the end.' },
  'not-collected': {
    says: 'the evidence does not hold it',
    next: 'Collect again with this version and profile.',
  },
  'log-rotated': {
    says: 'the node no longer keeps the log it was said in',
    next: 'Restart the service so that it says it again and keep its log longer (journald.conf SystemMaxUse=), then collect again.',
  },
  'version-unknown': {
    says: 'its default depends on a version that is not known',
    next: 'Set the value explicitly, or collect from the running node.',
  },
  forbidden: {
    says: 'the API server refuses it to this user',
    next: 'Give the user the right that is named; `khard audit --cluster --show-rbac` prints a role with all of them.',
  },
  unauthenticated: {
    says: 'the API server does not accept the credentials',
    next: 'Renew the credentials of the kubeconfig, then audit again.',
  },
  throttled: {
    says: 'the API server kept asking to come back later',
    next: 'Audit again when the API server is less busy, or with a longer --timeout.',
  },
  'server-failed': {
    says: 'the API server answered with an error of its own',
    next: 'Look at the health of the API server, then audit again.',
  },
  'not-told': {
    says: 'nothing that was looked at tells it',
    next: 'Audit a control plane node in the same run (ssh://… beside --cluster), or let a profile say it (default-level).',
  },
  'not-shown': {
    says: 'the API does not show it',
    next: 'Audit the node itself: name it (ssh://…) beside --cluster.',
  },
  unrecognised: {
    says: 'what was seen is nothing khard can read',
    next: 'Look at what is named and answer the control by hand; a waiver keeps the answer.',
  },
  ambiguous: { says: 'the evidence contradicts itself', next: 'Look at the node; two places disagree.' },
} as const satisfies { readonly [reason in CollectFailure]: { readonly says: string; readonly next: string } }
