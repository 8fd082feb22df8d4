import { type Act, allows, allowsEverything, type Rule } from './rule.ts'

/** One of the things that make up a power. Any of its acts does. */
export interface Part {
  readonly verbs: readonly string[]
  readonly group: string
  readonly resources: readonly string[]
  /** Objects of it are in no namespace: a RoleBinding gives nothing of it. */
  readonly isGlobal?: true
  /** Names are how it is given, and limit what it does only where they say so. */
  readonly namesAreUsual?: true
}

/** Something that few should be able to do. */
export interface Power {
  /** Ends a sentence: "may …". */
  readonly may: string
  /** Each group of parts must be held, by any of the parts in it. */
  readonly needs: readonly (readonly Part[])[]
  /** A rule limited to names gives it whole where one of the names can do everything: binding cluster-admin, say. */
  readonly namesMayLift?: true
  /** A rule gives it that allows everything, and no other. */
  readonly isEverything?: true
}

const write = ['create', 'update', 'patch'] as const

const createPods: readonly Part[] = [
  { verbs: ['create'], group: '', resources: ['pods'] },
  { verbs: ['update', 'patch'], group: '', resources: ['pods/ephemeralcontainers'] },
  { verbs: write, group: '', resources: ['replicationcontrollers'] },
  { verbs: write, group: 'apps', resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'] },
  { verbs: write, group: 'batch', resources: ['jobs', 'cronjobs'] },
]

const rbac = 'rbac.authorization.k8s.io'

const raiseRights: readonly Part[] = [
  // Asked in the namespace of the binding that is made: a RoleBinding gives it there.
  { verbs: ['bind'], group: rbac, resources: ['roles', 'clusterroles'] },
  { verbs: ['escalate'], group: rbac, resources: ['roles'] },
  { verbs: ['escalate'], group: rbac, resources: ['clusterroles'], isGlobal: true },
  { verbs: ['impersonate'], group: '', resources: ['serviceaccounts'] },
  { verbs: ['impersonate'], group: '', resources: ['users', 'groups'], isGlobal: true },
  {
    verbs: ['impersonate'],
    group: 'authentication.k8s.io',
    resources: ['uids', 'userextras/*'],
    isGlobal: true,
  },
]

const changeAdmission: readonly Part[] = [
  {
    verbs: [...write, 'delete', 'deletecollection'],
    group: 'admissionregistration.k8s.io',
    resources: [
      'validatingwebhookconfigurations',
      'mutatingwebhookconfigurations',
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
      'mutatingadmissionpolicies',
      'mutatingadmissionpolicybindings',
    ],
    isGlobal: true,
  },
]

const approveRequests: readonly (readonly Part[])[] = [
  [
    {
      verbs: ['update', 'patch'],
      group: 'certificates.k8s.io',
      resources: ['certificatesigningrequests/approval'],
      isGlobal: true,
    },
  ],
  [
    {
      verbs: ['approve'],
      group: 'certificates.k8s.io',
      resources: ['signers'],
      isGlobal: true,
      namesAreUsual: true,
    },
  ],
]

/** Every power a check may ask about. */
export const powers = {
  'cluster-admin': { may: 'do everything', needs: [], isEverything: true },
  'read-secrets': {
    may: 'read secrets',
    needs: [[{ verbs: ['get', 'list', 'watch'], group: '', resources: ['secrets'] }]],
  },
  'create-pods': { may: 'make pods run', needs: [createPods] },
  'raise-rights': {
    may: 'raise its rights (bind, escalate, impersonate)',
    needs: [raiseRights],
    namesMayLift: true,
  },
  'create-persistent-volumes': {
    may: 'create persistent volumes',
    needs: [[{ verbs: ['create'], group: '', resources: ['persistentvolumes'], isGlobal: true }]],
  },
  'node-proxy': {
    may: 'reach kubelets through nodes/proxy',
    needs: [[{ verbs: ['get', 'create'], group: '', resources: ['nodes/proxy'], isGlobal: true }]],
  },
  'approve-certificates': { may: 'approve certificate signing requests', needs: approveRequests },
  'change-admission': { may: 'change admission webhooks and policies', needs: [changeAdmission] },
  'create-tokens': {
    may: 'create tokens of service accounts',
    needs: [[{ verbs: ['create'], group: '', resources: ['serviceaccounts/token'] }]],
  },
} as const satisfies { readonly [name: string]: Power }

/** The power of a name. */
export function powerNamed(name: string): Power | undefined {
  return new Map<string, Power>(Object.entries(powers)).get(name)
}

const anyExtra = 'userextras/*'

function gives(rule: Rule, act: Act): boolean {
  if (act.resource !== anyExtra) return allows(rule, act)
  // Each extra is a subresource with a name of its own: a rule names one, or all of them.
  const one = rule.resources.find((word) => /^userextras\/[^*]/.test(word)) ?? 'userextras/any'
  return allows(rule, { ...act, resource: one })
}

/** True when the rule gives this part of a power, within one namespace or everywhere. */
export function givesPart(rule: Rule, part: Part, isEverywhere: boolean): boolean {
  if (part.isGlobal === true && !isEverywhere) return false
  return part.verbs.some((verb) =>
    part.resources.some((resource) => gives(rule, { verb, group: part.group, resource })),
  )
}

/** Positions of the needs of a power that a rule meets. */
export function needsMet(power: Power, rule: Rule, isEverywhere: boolean): readonly number[] {
  if (power.isEverything === true) return allowsEverything(rule) ? [0] : []
  return power.needs.flatMap((parts, at) =>
    parts.some((part) => givesPart(rule, part, isEverywhere)) ? [at] : [],
  )
}

/** True where a rule gives a need to all objects of it, or by names that are how it is always given. */
export function isUnlimited(power: Power, rule: Rule, mighty: ReadonlySet<string>): boolean {
  if (rule.names.length === 0) return true
  if (power.namesMayLift === true && rule.names.some((name) => mighty.has(name))) return true
  return power.needs.flat().some((part) => part.namesAreUsual === true && givesPart(rule, part, true))
}

/** How many needs a power has. */
export function needsOf({ needs, isEverything }: Power): number {
  return isEverything === true ? 1 : needs.length
}
