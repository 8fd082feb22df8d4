// The import arrows. Each comment is what a person reads when the rule fails.

/** Everything of ours outside the named folders. */
const outside = (...folders) => `^src/(?!(?:${folders.join('|')})/)`

/** Node's modules that touch files, processes, sockets, terminals or threads. */
const fileSystem = '^(?:node:)?fs(?:/promises)?$'
const outsideWorld =
  '^(?:node:)?(?:child_process|cluster|dgram|dns|http|http2|https|inspector|net|os|process|readline|repl|tls|tty|worker_threads)(?:/promises)?$'

const arrow = (name, [folder, ...allowed], comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: outside(folder, ...allowed) },
})

/** A package only these folders may import. */
const packageOnlyIn = (name, { packages, folders }, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: outside(...folders) },
  to: { path: `node_modules/(?:${packages})(?:/|$)` },
})

export default {
  forbidden: [
    {
      name: 'model-imports-nothing',
      comment:
        'src/model is what every part agrees on; it imports nothing outside itself, not even node:. Move the code to the part that needs it.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: '^src/model/' },
    },
    arrow(
      'facts-to-model',
      ['facts', 'model'],
      'A fact turns raw evidence into typed values: it needs model types and other facts, never the collector, checks or reports.',
    ),
    arrow(
      'evaluate-to-model-and-facts',
      ['evaluate', 'model', 'facts'],
      'Evaluation is a pure function of facts and checks; it must not know how evidence was collected or content was written.',
    ),
    arrow(
      'report-to-model',
      ['report', 'model'],
      'A report renders the result it is handed and computes no verdict. What it lacks belongs in the result.',
    ),
    arrow(
      'gate-to-model',
      ['gate', 'model', 'facts'],
      'The gate decides over findings; it must not evaluate or collect anything.',
    ),
    arrow(
      'compare-to-model',
      ['compare', 'model'],
      'A comparison is a pure function of two results: it judges nothing anew and writes nothing.',
    ),
    arrow(
      'content-to-model-and-facts',
      ['content', 'model', 'facts'],
      'Content is YAML to model. Operators come to it as a parameter, so that a check file can be read without the evaluator.',
    ),
    arrow(
      'collect-to-model-and-facts',
      ['collect', 'model', 'facts'],
      'The collector asks and never judges: it may not see checks being evaluated, content being read or reports.',
    ),
    {
      name: 'nobody-imports-cli',
      comment: 'The command line wires the parts together. A part that imports it cannot be used without it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'files-at-the-edges',
      comment:
        'Only collect, content and cli (later admission and remediate/apply) read files; elsewhere bytes come as a parameter.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:collect|content|cli|admission)/|^src/remediate/apply' },
      to: { path: fileSystem },
    },
    {
      name: 'outside-world-at-the-edges',
      comment:
        'Processes, sockets and terminals belong to collect and cli (later admission and remediate/apply); elsewhere all is a pure function.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:collect|cli|admission)/|^src/remediate/apply' },
      to: { path: outsideWorld },
    },
    packageOnlyIn(
      'ssh-in-collect',
      { packages: 'ssh2|@types/ssh2', folders: ['collect'] },
      'Only a carrier speaks SSH.',
    ),
    packageOnlyIn(
      'kubernetes-client-in-collect',
      { packages: '@kubernetes/client-node', folders: ['collect'] },
      'Only the collector speaks to an API server.',
    ),
    packageOnlyIn(
      'commander-in-cli',
      { packages: 'commander', folders: ['cli'] },
      'Only the command line parses arguments.',
    ),
    packageOnlyIn(
      'engine-in-evaluate-and-gate',
      { packages: 'json-rules-engine', folders: ['evaluate', 'gate'] },
      'Conditions are judged in evaluate, decisions in gate; nothing else runs rules.',
    ),
    packageOnlyIn(
      'schemas-at-the-border',
      { packages: 'ajv', folders: ['content', 'collect', 'report', 'cli'] },
      'Schemas are checked where text comes in: content, bundles, results. Past that border values are trusted.',
    ),
    {
      name: 'compiled-content-is-light',
      comment:
        'A run on built-in content loads one JSON file: compiled.ts must not pull in the YAML reader or the schemas.',
      severity: 'error',
      from: { path: '^src/content/compiled' },
      to: { path: 'node_modules/(?:ajv|yaml)/', reachable: true },
    },
    {
      name: 'no-cycles',
      comment:
        'Two modules that import each other are one module in two files. Move what both need into a third.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'nothing-unreachable',
      comment:
        'Nothing leads from the command line (or the content build) to this module. Wire it in or delete it.',
      severity: 'error',
      from: { path: '^src/cli/(?:main|build-content)' },
      // engine.ts is what tests hold the evaluator to: the same conditions, on the rule engine itself.
      // diff-schema.ts is published for others; khard reads no comparison back.
      to: {
        path: '^src/',
        pathNot: '^src/(?:cli/(?:main|build-content)|evaluate/engine|report/diff-schema)',
        reachable: false,
      },
    },
    {
      name: 'declared-packages-only',
      comment:
        'The published package installs dependencies only: a run-time import of anything else breaks there.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'imports-resolve',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: { doNotFollow: { path: 'node_modules' } },
}
