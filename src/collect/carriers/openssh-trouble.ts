import { oneLine } from './one-line.ts'
import type { Ending } from './run.ts'

interface Trouble {
  readonly says: RegExp
  readonly end: Ending['end']
  /** Said in place of ssh's own line, where that leaves out what matters. */
  readonly detail?: string
  /** `HOST` stands for the host. */
  readonly next: string
}

const network = 'Check the address, the network, the firewall and that sshd runs there.'
const again = 'Run again; if it happens each time, look at the log of sshd on the node.'

// Most specific first: ssh prints a chain of lines, and the first that explains the rest counts.
const troubles: readonly Trouble[] = [
  {
    says: /REVOKED HOST KEY DETECTED|host key .* (was|has been) revoked/i,
    end: 'unreachable',
    next: 'The key is marked @revoked: do not connect; ask who revoked it.',
  },
  {
    says: /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i,
    end: 'unreachable',
    next: 'Find out why the key changed. If it was meant to, remove the old one with `ssh-keygen -R` and add the new one.',
  },
  {
    says: /No \S+ host key is known for .*|Host key verification failed/i,
    end: 'unreachable',
    detail: 'the host key of HOST, or of a jump host before it, is not known',
    next: 'Compare `ssh-keyscan HOST | ssh-keygen -lf -` with the fingerprint on the node itself, then add the key to known_hosts.',
  },
  {
    says: /Permission denied(, please try again)?.*|Too many authentication failures/i,
    end: 'permission-denied',
    next: 'Check the user name, the key and ssh-agent (`ssh-add -l`), and authorized_keys on the node.',
  },
  { says: /Could not resolve hostname.*/i, end: 'unreachable', next: 'Check the name of the target.' },
  {
    says: /Connection refused|Connection timed out|Operation timed out|No route to host|Network is unreachable/i,
    end: 'unreachable',
    next: network,
  },
  {
    says: /Bad configuration option.*|terminating, \d+ bad configuration/i,
    end: 'tool-failed',
    next: 'Correct the SSH configuration.',
  },
  {
    says: /Bad owner or permissions.*/i,
    end: 'tool-failed',
    next: 'Correct the owner and mode of the SSH configuration.',
  },
  { says: /Timeout, server .* not responding/i, end: 'disconnected', next: again },
  { says: /kex_exchange_identification.*|banner exchange.*/i, end: 'unreachable', next: network },
]

/** What ssh's exit code 255 meant, by what it said before. Warnings and banners are printed too, so lines are searched. */
export function opensshTrouble(stderr: string, hasOutput: boolean, host: string): Ending {
  const lines = stderr.trimEnd().split('\n')
  for (const trouble of troubles) {
    const line = lines.find((candidate) => trouble.says.test(candidate))
    if (line !== undefined)
      return { ...endingOf(trouble, { line, stderr, host }), ...(hasOutput ? { end: 'disconnected' } : {}) }
  }
  const last = oneLine(lines.at(-1) ?? '')
  return {
    end: 'disconnected',
    detail: last === '' ? `ssh lost the connection to ${oneLine(host)}` : last,
    next: again,
  }
}

function endingOf(trouble: Trouble, heard: { line: string; stderr: string; host: string }): Ending {
  const { line, stderr, host } = heard
  const fingerprint = trouble.end === 'unreachable' ? /SHA256:[A-Za-z0-9+/]{43}/.exec(stderr)?.[0] : undefined
  const said = trouble.detail ?? oneLine(line.replaceAll('@', ' '))
  return {
    end: trouble.end,
    detail: `${said.replace('HOST', oneLine(host))}${fingerprint === undefined ? '' : ` (${fingerprint})`}`,
    next: trouble.next.replace('HOST', oneLine(host)),
  }
}
