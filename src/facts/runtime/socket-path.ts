/** Path of a CRI endpoint (`unix:///var/run/x.sock`); /var/run is a link to /run. */
export function socketPath(endpoint: string): string {
  return endpoint.replace(/^unix:(\/\/)?/, '').replace(/^\/var\/run\//, '/run/')
}

/** What the usual sockets of each runtime are called, by component. */
export const socketNames = {
  containerd: /containerd/,
  crio: /crio/,
  'cri-dockerd': /dockerd/,
} as const
