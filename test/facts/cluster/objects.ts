/** Objects in the API's own form, as tests describe them. */

export const namespace = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  status: { phase: 'Active' },
})

interface PodShape {
  readonly labels?: Readonly<Record<string, string>>
  readonly hostNetwork?: boolean
  readonly phase?: string
  readonly node?: string
  readonly ready?: boolean
}

export const pod = (space: string, name: string, shape: PodShape = {}) => ({
  metadata: { namespace: space, name, labels: shape.labels ?? {} },
  spec: {
    nodeName: shape.node ?? 'n1',
    ...(shape.hostNetwork === true ? { hostNetwork: true } : {}),
    containers: [{ name: 'c', image: 'app' }],
  },
  status: {
    phase: shape.phase ?? 'Running',
    conditions: [{ type: 'Ready', status: shape.ready === false ? 'False' : 'True' }],
  },
})

export const networkPolicy = (space: string, name: string, spec: Readonly<Record<string, unknown>>) => ({
  metadata: { namespace: space, name },
  spec: { podSelector: {}, ...spec },
})

interface NodeShape {
  readonly os?: string
  readonly cordoned?: boolean
  readonly args?: readonly string[]
  readonly ready?: string
  readonly pressure?: string
}

export const node = (name: string, shape: NodeShape = {}) => ({
  metadata: {
    name,
    ...(shape.args === undefined ? {} : { annotations: { 'k3s.io/node-args': JSON.stringify(shape.args) } }),
  },
  spec: shape.cordoned === true ? { unschedulable: true } : {},
  status: {
    nodeInfo: { operatingSystem: shape.os ?? 'linux' },
    conditions: [
      { type: 'Ready', status: shape.ready ?? 'True' },
      ...(shape.pressure === undefined ? [] : [{ type: shape.pressure, status: 'True' }]),
    ],
  },
})

interface DaemonShape {
  readonly container: string
  readonly image: string
  readonly args?: readonly string[]
  readonly desired?: number
  readonly ready?: number
}

export const daemonSet = (space: string, name: string, shape: DaemonShape) => ({
  metadata: { namespace: space, name },
  spec: {
    template: {
      spec: { containers: [{ name: shape.container, image: shape.image, args: shape.args ?? [] }] },
    },
  },
  status: { desiredNumberScheduled: shape.desired ?? 2, numberReady: shape.ready ?? shape.desired ?? 2 },
})

export const named = (name: string, space?: string, more: Readonly<Record<string, unknown>> = {}) => ({
  metadata: { name, ...(space === undefined ? {} : { namespace: space }) },
  ...more,
})
