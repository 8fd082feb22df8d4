/** Part of a trap that evidence from a node cannot answer, and why. */
export interface NotOurs {
  readonly id: string
  readonly part: string
  readonly because: string
}

/** What is left of the traps beside their tests. Everything else in the catalogue is tested. */
export const notOurs: readonly NotOurs[] = [
  {
    id: '16',
    part: 'credit for an admission policy that denies external addresses',
    because: 'Policies are objects of the API; a node does not hold them.',
  },
  {
    id: '37',
    part: 'proof that objects stored earlier were written again',
    because: 'That takes the data of Secrets, which is never collected.',
  },
  {
    id: '40',
    part: 'the handshake a server really makes',
    because: 'A collection reads; it opens no connection to a server.',
  },
  {
    id: '71',
    part: 'sockets that listen on the port',
    because:
      'The port in force decides it, and is read with its source; a socket adds nothing an auditor could act on.',
  },
  {
    id: 'i',
    part: 'a crash of the command that exits 0',
    because: 'The command line has its own tests: anything uncaught exits 3.',
  },
]

/** Controls of sections 1 to 4 for which no trap is known. */
export const withoutTrap: readonly string[] = ['1.2.2', '1.2.10', '1.2.15', '1.2.21', '1.2.30', '1.3.2']
