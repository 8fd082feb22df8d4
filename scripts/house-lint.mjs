// House rules that no other tool checks. Each answers `file:line: what. How to fix it.`

/** A text of the same length and lines with comments, strings and regular expressions blanked out. */
export function codeOnly(text) {
  let code = ''
  let at = 0
  const blank = (length) => {
    code += text.slice(at, at + length).replaceAll(/[^\n]/g, ' ')
    at += length
  }
  // What the innermost open template literal waits for: its depth of braces, one number for each literal.
  const templates = []
  while (at < text.length) {
    const rest = text.slice(at)
    const token = /^(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")/.exec(rest)?.[0]
    if (token !== undefined) blank(token.length)
    else if (rest[0] === '/' && startsRegex(code))
      blank(/^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/.exec(rest)?.[0].length ?? 1)
    else if (rest[0] === '`') inTemplate()
    else if (rest[0] === '}' && templates.at(-1) === 0) {
      templates.pop()
      inTemplate()
    } else {
      if (templates.length > 0 && rest[0] === '{') templates[templates.length - 1] += 1
      if (templates.length > 0 && rest[0] === '}') templates[templates.length - 1] -= 1
      code += rest[0]
      at += 1
    }
  }
  return code

  /** From a back quote, or the brace that closes `${`, to the next `${` or the end of the literal. */
  function inTemplate() {
    const part = /^[`}](?:\\[\s\S]|\$(?!\{)|[^\\`$])*(?:`|\$\{|$)/.exec(text.slice(at))?.[0] ?? '`'
    if (part.endsWith('${')) templates.push(0)
    blank(part.length)
  }
}

/** A slash after these is no division. */
function startsRegex(code) {
  return /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of))\s*$/.test(code)
}

const longestFile = 400
const isSource = (path) => /^src\/.*\.ts$/.test(path)
const isCode = (path) => /^(?:src|scripts|bin|test|bench)\/.*\.(?:ts|mjs|js)$/.test(path)
const isProduct = (path) => /^(?:src|benchmarks|profiles|remediations|reports)\//.test(path)

// Written in parts, so that this list does not find itself.
const workplace = ['work/main', 'work/shared', 'work/.library', 'tmp/brief'].map((path) => `/${path}`)
const registries = [
  ['registry', 'npm'],
  ['npmjs', 'org'],
  ['artifactory', ''],
  ['nexus', 'repo'],
].map((parts) => parts.join('.'))

/** Rules over code without comments and strings: what may not stand in which files. */
const codeRules = [
  {
    applies: (path) => isSource(path) && path !== 'src/model/ids.ts',
    // `import { a as b }` and `import * as a` rename; `as const` claims nothing.
    pattern: /(?<!\*\s)\bas\s+(?!const\b)[A-Za-z_({["'`]/g,
    skip: (line) => /^\s*(?:import|export)\b|^\s*(?:type\s+)?\w+ as \w+,?\s*$/.test(line),
    says: 'a cast with `as`',
    next: 'Narrow the value with a check or a type guard; only src/model/ids.ts makes brands.',
  },
  {
    applies: isSource,
    pattern: /[:<|]\s*any\b(?!\s*[:(.])|,\s*any\s*[>,]\s*|\bany\[\]/g,
    says: 'the type any',
    next: 'Use unknown and narrow it.',
  },
  {
    applies: isSource,
    pattern: /[\w)\]]!(?=[.[;,)\s]|$)(?!\s*=)/gm,
    says: 'a non-null assertion',
    next: 'Say what happens when it is not there.',
  },
  {
    applies: isCode,
    pattern: /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}|\.catch\(\s*\(\w*\)\s*=>\s*(?:undefined|null|\{\s*\})\s*\)/g,
    // A promise may be silenced where a comment on its line says why nothing is lost.
    skip: (line) => /\.catch\(.*\)\s*\/\/ \w/.test(line),
    says: 'a fault that is swallowed',
    next: 'Turn it into data (unavailable with a reason), or let it rise.',
  },
  {
    applies: (path) => isSource(path) && !/^src\/(?:cli|collect)\//.test(path),
    pattern:
      /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(|\brandomBytes\(|\brandomUUID\(|\bprocess\.(?:env|argv|cwd|stdout|stderr|exit)\b|\bperformance\.now\(/g,
    // Processes of a node are called process too, where they are declared.
    skipFile: (code) => /\b(?:const|let)\s+process\b|[({,]\s*process\s*[:,)}]|\bprocess\s*=>/.test(code),
    says: 'clock, randomness or environment inside the pipe',
    next: 'Take it as a parameter; only src/cli and src/collect look at the world.',
  },
  {
    applies: isSource,
    pattern: /\bshell:\s*true\b|(?<![.\w])exec(?:Sync)?\(/g,
    says: 'a command given to a shell as one text',
    next: 'Use spawn with an argument list; scripts for nodes are built by the quoting function in src/collect.',
  },
]

/** Rules over whole texts, strings and comments included. */
const textRules = [
  {
    applies: () => true,
    pattern: new RegExp(workplace.join('|'), 'g'),
    says: 'a path of one workplace',
    next: 'Write it relative to the repository, or leave it out.',
  },
  {
    applies: () => true,
    pattern: new RegExp(registries.map((host) => host.replaceAll('.', '\\.')).join('|'), 'g'),
    says: 'a registry host',
    next: 'Leave the host out; npm knows its registry.',
  },
  {
    applies: isProduct,
    pattern: new RegExp(['kube', 'bench'].join('-'), 'gi'),
    says: 'the name of another tool',
    next: 'Say what khard does; other tools are named in tests only.',
  },
  {
    applies: (path) => isSource(path) && !path.startsWith('src/collect/'),
    pattern: /(['"`])(?:\/bin\/)?(?:ba)?sh -c\b|(['"`])(?:\/bin\/)?(?:ba)?sh\2\s*,\s*\[?\s*(['"`])-c\3/g,
    says: 'a shell command built outside the collector',
    next: 'Ask the collector for it: one place quotes what goes to a shell.',
  },
]

const vagueNames = /(?:^|\/)(?:utils?|helpers?|misc|common|manager|handler)\.(?:ts|mjs|js)$/

/** `written`: lines as they stand, comments included. */
function matches(rule, text, written) {
  const lineAt = (offset) => text.slice(0, offset).split('\n').length
  return [...text.matchAll(rule.pattern)]
    .map(({ index }) => lineAt(index))
    .filter((line) => rule.skip?.(written[line - 1] ?? '') !== true)
}

/** Faults of one file: `path` relative to the repository, `text` its content. */
export function houseFaults(path, text) {
  const faults = []
  const lines = text.split('\n')
  const say = (line, says, next) => faults.push(`${path}:${line}: ${says}. ${next}`)
  if (isCode(path)) {
    const code = codeOnly(text)
    for (const rule of codeRules.filter(
      ({ applies, skipFile }) => applies(path) && skipFile?.(code) !== true,
    ))
      for (const line of matches(rule, code, lines)) say(line, rule.says, rule.next)
    const length = text.endsWith('\n') ? lines.length - 1 : lines.length
    if (length > longestFile && !path.startsWith('test/'))
      say(longestFile + 1, `the file has ${length} lines`, `Split it; ${longestFile} is the ceiling.`)
    if (vagueNames.test(path)) say(1, 'the file name says nothing', 'Name it after the one thing it exports.')
  }
  for (const rule of textRules.filter(({ applies }) => applies(path)))
    for (const line of matches(rule, text, lines)) say(line, rule.says, rule.next)
  return faults
}
