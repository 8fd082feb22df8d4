/** What stands where the node replaced a secret. */
export const redactedText = '<redacted>'

/** Ends an unquoted value: the byte 1 stands for NUL, which separates process arguments. */
const start = String.raw`\(^\|[[:cntrl:][:space:]"'[,]\)`
/** Settings whose name says the value is a secret: ends in token, or speaks of a password or secret. */
const secretFlag = String.raw`\(--*vpn-auth\|--*\([a-z0-9.-]*-\)\{0,1\}token\|--*[a-z0-9.-]*\(password\|passwd\|secret\)[a-z0-9.-]*\)`
const secretKey = String.raw`\([A-Za-z0-9_.-]*\([Tt]oken\|TOKEN\|[Pp]assword\|PASSWORD\|[Pp]asswd\|[Pp]assphrase\|[Ss]ecret\|vpn-auth\|client-key-data\)\)`
const secretName = String.raw`\([A-Z0-9_]*\(TOKEN\|PASSWORD\|PASSWD\|SECRET\|KEY\|VPN_AUTH\)[A-Z0-9_]*\)`
const toArgumentEnd = '[^[:cntrl:]]*'
const toWordEnd = `[^[:cntrl:][:space:]"']*`
const doubleQuoted = String.raw`"[^"\\]*\(\\.[^"\\]*\)*"`

/** Base64 of "-----BEGIN " and a kind other than CERTIFICATE, TRUSTED or PUBLIC. */
const encodedKeys = [
  String.raw`s/LS0tLS1CRUdJTiB[^DUQ][A-Za-z0-9+\/=]*/<redacted>/g`,
  String.raw`s/LS0tLS1CRUdJTiBQU[A-Za-z0-9+\/=]*/<redacted>/g`,
]

/** A private key in PEM: every line of it becomes one line, so that line numbers stay true. */
const pemKeys = [
  '/-----BEGIN [A-Z0-9 ]*PRIVATE KEY/{',
  's/-----BEGIN [A-Z0-9 ]*PRIVATE KEY.*-----END [A-Z0-9 ]*PRIVATE KEY-----/<redacted>/',
  't',
  's/-----BEGIN [A-Z0-9 ]*PRIVATE KEY.*/<redacted>/',
  ':key',
  'n',
  '/^khard:/b',
  '/-----END [A-Z0-9 ]*PRIVATE KEY/{',
  's/.*/<redacted>/',
  'b',
  '}',
  's/.*/<redacted>/',
  'b key',
  '}',
]

/** true and false are no secrets: they are put out of reach first and given back at the end. */
const keepBooleans = [
  String.raw`s/${secretFlag}=\(true\|false\)\([[:cntrl:][:space:]"',]\|$\)/\1=<\4>\5/g`,
  String.raw`s/^\([[:cntrl:][:space:]-]*"\{0,1\}${secretKey}"\{0,1\}[[:space:]]*[:=][[:space:]]*\)\(true\|false\)\([[:space:],]*\)$/\1<\4>\5/`,
]
const returnBooleans = [
  String.raw`s/${secretFlag}=<\(true\|false\)>/\1=\4/g`,
  String.raw`s/^\([[:cntrl:][:space:]-]*"\{0,1\}${secretKey}"\{0,1\}[[:space:]]*[:=][[:space:]]*\)<\(true\|false\)>/\1\4/`,
]

const flags = [
  // An argument of a process ends at NUL and may hold anything.
  String.raw`s/\([[:cntrl:]]${secretFlag}=\)[^\/<[:cntrl:]]${toArgumentEnd}/\1<redacted>/g`,
  String.raw`s/\([[:cntrl:]]${secretFlag}[[:cntrl:]]\)[^\/<[:cntrl:]-]${toArgumentEnd}/\1<redacted>/g`,
  String.raw`s/\(${start}${secretFlag}=\)["'\\]*[^\/<[:cntrl:][:space:]"'\\]${toWordEnd}/\1<redacted>/g`,
  String.raw`s/\(${start}${secretFlag}["']\{0,1\}[[:space:],][[:space:]]*["']\{0,1\}\)[^\/<[:cntrl:][:space:]"'-]${toWordEnd}/\1<redacted>/g`,
  // A unit, name and value on lines of their own (the installer of k3s writes them so).
  String.raw`/\(^\|[[:space:]"']\)${secretFlag}["']\{0,1\}[[:space:]]*\\$/{`,
  'n',
  '/^khard:/b',
  String.raw`s/^\([[:space:]]*\)"[^-"][^"]*"/\1"<redacted>"/`,
  String.raw`s/^\([[:space:]]*\)'[^-'][^']*'/\1'<redacted>'/`,
  String.raw`s/^\([[:space:]]*\)[^-\/<[:cntrl:][:space:]"'][^[:cntrl:][:space:]"']*/\1<redacted>/`,
  '}',
  // A list in YAML, name and value on lines of their own.
  String.raw`/^[[:space:]]*- *["']\{0,1\}${secretFlag}["']\{0,1\} *$/{`,
  'n',
  '/^khard:/b',
  String.raw`/^[[:space:]]*- *["']\{0,1\}[-\/]/!s/^\([[:space:]]*- *\).*/\1<redacted>/`,
  '}',
]

const keys = [
  String.raw`s/\(${secretKey}"\{0,1\}[[:space:]]*[:=][[:space:]]*\)${doubleQuoted}/\1"<redacted>"/g`,
  String.raw`s/\(${secretKey}["']\{0,1\}[[:space:]]*[:=][[:space:]]*\)'[^']*'/\1'<redacted>'/g`,
  String.raw`s/\([{,][[:space:]]*["']\{0,1\}${secretKey}["']\{0,1\}:[[:space:]]*\)[^]["'{}<[:cntrl:][:space:],][^],}[:cntrl:]]*/\1<redacted>/g`,
  String.raw`s/^\([[:cntrl:][:space:]-]*["']\{0,1\}${secretKey}["']\{0,1\}[[:space:]]*[:=][[:space:]]*\)[^]["'{}<|>[:cntrl:][:space:]].*/\1<redacted>/`,
  String.raw`s/\(\(auth\|identitytoken\)["']\{0,1\}[[:space:]]*[:=][[:space:]]*\)"[^"]*"/\1"<redacted>"/g`,
  // A block of text under such a key: everything until the next key or list entry.
  String.raw`/^[[:space:]-]*["']\{0,1\}${secretKey}["']\{0,1\}:[[:space:]]*[|>][-+0-9]*[[:space:]]*$/{`,
  ':block',
  'n',
  '/^khard:/b',
  '/^[[:space:]]*- /b',
  String.raw`/^[[:space:]]*["']\{0,1\}[A-Za-z0-9_.\/-]*["']\{0,1\}:\([[:space:]]\|$\)/b`,
  's/[^[:space:]].*/<redacted>/',
  'b block',
  '}',
]

const variables = [
  String.raw`s/^\([[:cntrl:]]*\(export \)\{0,1\}${secretName}=\)["']\{0,1\}[^\/"'<[:cntrl:]].*/\1<redacted>/`,
  String.raw`s/\([[:cntrl:][:space:]"'=]${secretName}=\)[^\/"'<[:cntrl:][:space:]]${toWordEnd}/\1<redacted>/g`,
  // A variable of a container: name, then value.
  String.raw`s/\(["']\{0,1\}name["']\{0,1\}: *["']\{0,1\}${secretName}["']\{0,1\}, *["']\{0,1\}value["']\{0,1\}: *\)\("[^"]*"\|'[^']*'\|[^]"',} ]*\)/\1"<redacted>"/g`,
  String.raw`/^[[:space:]-]*["']\{0,1\}name["']\{0,1\}: *["']\{0,1\}${secretName}["']\{0,1\},\{0,1\}[[:space:]]*$/{`,
  'n',
  '/^khard:/b',
  String.raw`s/^\([[:space:]]*["']\{0,1\}value["']\{0,1\}: *\)[^[:space:]].*/\1<redacted>/`,
  '}',
]

const anywhere = [
  String.raw`s/\(:\/\/[^]["'@\/[:cntrl:][:space:]:]*:\)[^]["'@\/[:cntrl:][:space:]]*@/\1<redacted>@/g`,
  String.raw`s/eyJ[A-Za-z0-9_-][A-Za-z0-9_-]*\.[A-Za-z0-9_-][A-Za-z0-9_-]*\.[A-Za-z0-9_-]*/<redacted>/g`,
  String.raw`s/K10[0-9a-f]\{64\}::[^[:cntrl:][:space:]"']*/<redacted>/g`,
  String.raw`s/\([Bb]earer  *\)[A-Za-z0-9._~+\/=-]\{8,\}/\1<redacted>/g`,
]

const trigger =
  '/[Tt][Oo][Kk][Ee][Nn]\\|[Pp][Aa][Ss][Ss]\\|[Ss][Ee][Cc][Rr][Ee][Tt]\\|KEY\\|client-key-data\\|auth\\|VPN_AUTH/!b'

/**
 * The filter on the node, a sed program (POSIX basic expressions with `\|`, which GNU, busybox and musl
 * read). Everything the script prints goes through it, so it also must leave the script's own lines alone.
 */
export const redactProgram: string = [
  '/^khard:/b',
  ...pemKeys,
  '/^[A-Za-z0-9+\\/=]*$/!b text',
  ...encodedKeys,
  'b',
  ':text',
  ...encodedKeys,
  ...anywhere,
  trigger,
  ...keepBooleans,
  ...flags,
  ...keys,
  ...variables,
  ...returnBooleans,
].join('\n')
