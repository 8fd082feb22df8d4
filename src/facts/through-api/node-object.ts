import type { NodeView, RawAnswer } from '../../model/node-evidence.ts'

/** The Node object of a node that was seen through the API, cut down; undefined where it is not there. */
export function nodeObject(view: NodeView): unknown {
  const listed = view.list('v1/nodes')
  return listed.state === 'observed' ? listed.objects[0] : undefined
}

/** What the node’s kubelet answered to one question that the API server passed on. */
export function kubeletAnswer(view: NodeView, what: 'configz' | 'flagz'): RawAnswer {
  const found = view.all('answer').find(({ question }) => question.endsWith(`/proxy/${what}`))
  return found ?? view.answer(`GET /${what} of the kubelet`)
}

/** True for a node of which nothing but what the API shows is known. */
export function isThroughApi({ evidence }: NodeView): boolean {
  return evidence.carrier === 'api' && evidence.about === undefined
}
