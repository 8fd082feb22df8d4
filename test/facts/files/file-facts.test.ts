import { describe, expect, it } from 'vitest'
import type { RawItem } from '../../../src/model/node-evidence.ts'
import { shippedComponents } from '../../support/components.ts'
import { content, directory, missing, process } from '../../support/settings-node.ts'
import {
  contextOf,
  denied,
  factKinds,
  factOf,
  kubeadmNode,
  pkiNames,
  stat,
  tree,
  withFlags,
} from './kubeadm-node.ts'

const files = (of: string, which: string, node = kubeadmNode()): unknown =>
  factOf({ fact: 'component-files', of, which }, node)
const kubeletWith = (...flags: readonly string[]): RawItem =>
  process({
    name: 'kubelet',
    pid: 99,
    cgroup: '0::/system.slice/kubelet.service',
    argv: ['/usr/bin/kubelet', '--config=/var/lib/kubelet/config.yaml', ...flags],
  })
const paths = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((item: { path?: string }) => item.path ?? item) : value

describe('component-files', () => {
  it('gives mode and owner of the static pod manifest of a component', () => {
    expect(files('kube-apiserver', 'static-pod-manifest')).toEqual([
      {
        path: '/etc/kubernetes/manifests/kube-apiserver.yaml',
        mode: 0o600,
        owner: 'root:root',
        uid: 0,
        gid: 0,
        type: 'file',
      },
    ])
  })

  it('finds a manifest by what it runs, not by its name', () => {
    const text = kubeadmNode().view.content('/etc/kubernetes/manifests/etcd.yaml')
    const renamed = [
      content('/etc/kubernetes/manifests/database.yaml', text.state === 'observed' ? text.text : ''),
      stat('/etc/kubernetes/manifests/database.yaml', { mode: 0o644 }),
    ]
    const node = kubeadmNode(renamed, [
      'content:/etc/kubernetes/manifests/etcd.yaml',
      'file:/etc/kubernetes/manifests/etcd.yaml',
    ])

    expect(files('etcd', 'static-pod-manifest', node)).toMatchObject([
      { path: '/etc/kubernetes/manifests/database.yaml', mode: 0o644 },
    ])
  })

  it('counts a second manifest that the kubelet would run as well', () => {
    const text = kubeadmNode().view.content('/etc/kubernetes/manifests/etcd.yaml')
    const backup = '/etc/kubernetes/manifests/etcd.yaml.bak'
    const node = kubeadmNode([
      content(backup, text.state === 'observed' ? text.text : ''),
      stat(backup, { mode: 0o666 }),
    ])

    expect(paths(files('etcd', 'static-pod-manifest', node))).toEqual([
      '/etc/kubernetes/manifests/etcd.yaml',
      backup,
    ])
  })

  it('has no manifest for a component that is a unit, and no unit for one that is a static pod', () => {
    expect(files('kubelet', 'static-pod-manifest')).toBeUndefined()
    expect(files('etcd', 'unit')).toBeUndefined()
  })

  it('lists the unit and every drop-in, wherever it lies', () => {
    expect(paths(files('kubelet', 'unit'))).toEqual([
      '/usr/lib/systemd/system/kubelet.service',
      '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
      '/etc/systemd/system/kubelet.service.d/20-local.conf',
    ])
  })

  it('has an entry for a drop-in that could not be looked at', () => {
    const node = kubeadmNode([denied('file', '/etc/systemd/system/kubelet.service.d/20-local.conf')])

    expect(files('kubelet', 'unit', node)).toMatchObject([{}, {}, { unavailable: 'permission-denied' }])
  })

  it('leaves out an optional environment file that does not exist, and keeps one that does', () => {
    const path = '/var/lib/kubelet/kubeadm-flags.env'

    expect(files('kubelet', 'environment-file', kubeadmNode([missing('file', path)]))).toBeUndefined()
    expect(paths(files('kubelet', 'environment-file', kubeadmNode([stat(path)])))).toEqual([path])
  })

  it('measures the configuration in use, not one that happens to lie at the usual place', () => {
    const kubelet = process({
      name: 'kubelet',
      pid: 99,
      cgroup: '0::/system.slice/kubelet.service',
      argv: [
        '/usr/bin/kubelet',
        '--config=/etc/kubernetes/kubelet.yaml',
        '--config-dir=/etc/kubernetes/kubelet.d',
      ],
    })
    const text = kubeadmNode().view.content('/var/lib/kubelet/config.yaml')
    const node = kubeadmNode([
      kubelet,
      content('/etc/kubernetes/kubelet.yaml', text.state === 'observed' ? text.text : ''),
      stat('/etc/kubernetes/kubelet.yaml', { mode: 0o640 }),
      directory('/etc/kubernetes/kubelet.d', '10-a.conf', 'notes.txt'),
      content(
        '/etc/kubernetes/kubelet.d/10-a.conf',
        'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n',
      ),
      stat('/etc/kubernetes/kubelet.d/10-a.conf', { mode: 0o666 }),
    ])

    expect(files('kubelet', 'configuration', node)).toMatchObject([
      { path: '/etc/kubernetes/kubelet.yaml', mode: 0o640 },
      { path: '/etc/kubernetes/kubelet.d/10-a.conf', mode: 0o666 },
    ])
  })

  it('does not forget drop-ins when their directory cannot be listed', () => {
    const kubelet = kubeletWith('--config-dir=/etc/kubernetes/kubelet.d')
    const node = kubeadmNode([
      kubelet,
      stat('/etc/kubernetes/kubelet.d', { type: 'directory' }),
      denied('directory', '/etc/kubernetes/kubelet.d'),
    ])

    expect(files('kubelet', 'configuration', node)).toMatchObject([
      { path: '/var/lib/kubelet/config.yaml' },
      { unavailable: 'permission-denied' },
    ])
  })

  it('measures a configuration whose content may not be read but whose mode may be seen', () => {
    const node = kubeadmNode([denied('content', '/var/lib/kubelet/config.yaml')])

    expect(files('kubelet', 'configuration', node)).toMatchObject([
      { path: '/var/lib/kubelet/config.yaml', mode: 0o644 },
    ])
  })

  it('reads the CA path out of the configuration file as well as from the flag', () => {
    expect(paths(files('kubelet', 'client-ca-file'))).toEqual(['/etc/kubernetes/pki/ca.crt'])
  })

  it('calls a configured file that does not exist a contradiction, not "nothing to check"', () => {
    const node = kubeadmNode([missing('file', '/etc/kubernetes/kubelet.conf')])

    expect(files('kubelet', 'kubeconfig', node)).toEqual([{ unavailable: 'ambiguous' }])
  })

  it('follows symbolic links: the target counts, the path is shown', () => {
    const node = kubeadmNode([
      stat('/etc/kubernetes/kubelet.conf', { mode: 0o644, uid: 1000, gid: 1000, target: '/srv/k.conf' }),
    ])

    expect(files('kubelet', 'kubeconfig', node)).toMatchObject([
      { path: '/etc/kubernetes/kubelet.conf', mode: 0o644, owner: '1000:1000' },
    ])
  })

  it('keeps set-user-id bits in the mode', () => {
    const node = kubeadmNode([stat('/var/lib/etcd', { type: 'directory', mode: 0o2700 })])

    expect(files('etcd', 'data-directory', node)).toMatchObject([{ mode: 0o2700 }])
  })

  it('finds the data directory wherever etcd was told to keep it, and its owner by name', () => {
    const node = kubeadmNode([
      ...withFlags('etcd', ['--data-dir=/srv/etcd'], ['data-dir']),
      stat('/proc/100/root/srv/etcd', { type: 'directory', mode: 0o700, uid: 998, gid: 998 }),
    ])

    expect(files('etcd', 'data-directory', node)).toMatchObject([{ mode: 0o700, owner: 'etcd:etcd' }])
  })

  it('has nothing for a component the node does not run', () => {
    const node = contextOf([
      missing('directory', '/etc/kubernetes/manifests'),
      missing('directory', '/var/lib/rancher/rke2/agent/pod-manifests'),
      ...['etcd', 'kubelet', 'k3s', 'k3s-agent', 'rke2-server', 'rke2-agent'].map(
        (name): RawItem => ({
          kind: 'unit',
          id: `unit:${name}.service`,
          name: `${name}.service`,
          state: 'absent',
        }),
      ),
    ])

    expect(files('etcd', 'data-directory', node)).toBeUndefined()
  })

  it('tells the author of a check which files there are', () => {
    const faults = factKinds['component-files']?.faults?.(
      { fact: 'component-files', of: 'etcd', which: 'datadir' },
      { components: shippedComponents() },
    )

    expect(faults).toHaveLength(1)
    expect(
      factKinds['component-files']?.faults?.(
        { fact: 'component-files', of: 'etcd', which: 'trusted-ca-file' },
        { components: shippedComponents() },
      ),
    ).toEqual([])
  })
})

describe('pki-files', () => {
  const pki = (holds: string, node = kubeadmNode()): unknown => factOf({ fact: 'pki-files', holds }, node)

  it('tells certificates and keys apart by content', () => {
    expect(paths(pki('certificate'))).toEqual(
      expect.arrayContaining(pkiNames.map((name) => `/etc/kubernetes/pki/${name}.crt`)),
    )
    expect(paths(pki('private-key'))).toContain('/etc/kubernetes/pki/sa.key')
    expect(paths(pki('private-key'))).not.toContain('/etc/kubernetes/pki/sa.pub')
  })

  it('sees a key with the suffix of a certificate', () => {
    const path = '/etc/kubernetes/pki/apiserver.crt'
    const node = kubeadmNode([stat(path, { mode: 0o644, holds: ['certificate', 'private-key'] })])

    expect(pki('private-key', node)).toContainEqual(expect.objectContaining({ path, mode: 0o644 }))
  })

  it('finds keys where the components look, not only in /etc/kubernetes/pki', () => {
    const node = kubeadmNode([
      kubeletWith('--client-ca-file=/opt/idp/ca.pem'),
      stat('/opt/idp', { type: 'directory', mode: 0o755 }),
      tree('/opt/idp', ['ca.pem', 'signing.pem', 'readme.txt']),
      stat('/opt/idp/ca.pem', { mode: 0o644, holds: ['certificate'] }),
      stat('/opt/idp/signing.pem', { mode: 0o644, holds: ['private-key'] }),
      stat('/opt/idp/readme.txt', { mode: 0o666, holds: [] }),
    ])

    expect(paths(pki('certificate', node))).toContain('/opt/idp/ca.pem')
    expect(paths(pki('private-key', node))).toContain('/opt/idp/signing.pem')
    expect(paths(pki('any', node))).toEqual(
      expect.arrayContaining(['/opt/idp', '/opt/idp/ca.pem', '/opt/idp/signing.pem']),
    )
    expect(paths(pki('any', node))).not.toContain('/opt/idp/readme.txt')
  })

  it('takes only the file in use from a directory that all programs share', () => {
    const node = kubeadmNode([
      kubeletWith('--client-ca-file=/etc/ssl/certs/idp.pem'),
      tree('/etc/ssl/certs', ['idp.pem', 'other.pem']),
      stat('/etc/ssl/certs', { type: 'directory', mode: 0o755 }),
      stat('/etc/ssl/certs/idp.pem', { mode: 0o644, holds: ['certificate'] }),
      stat('/etc/ssl/certs/other.pem', { mode: 0o666, holds: ['certificate'] }),
    ])

    expect(paths(pki('certificate', node))).toContain('/etc/ssl/certs/idp.pem')
    expect(paths(pki('certificate', node))).not.toContain('/etc/ssl/certs/other.pem')
    expect(paths(pki('any', node))).not.toContain('/etc/ssl/certs')
  })

  it('includes directories and everything else of the tree when any file is asked for', () => {
    expect(paths(pki('any'))).toEqual(
      expect.arrayContaining([
        '/etc/kubernetes/pki',
        '/etc/kubernetes/pki/etcd',
        '/etc/kubernetes/pki/sa.pub',
      ]),
    )
  })

  it('keeps file names with blanks', () => {
    const path = '/etc/kubernetes/pki/old key.pem'
    const all = [
      ...pkiNames.flatMap((name) => [`${name}.crt`, `${name}.key`]),
      'etcd',
      'sa.key',
      'sa.pub',
      'old key.pem',
    ]
    const node = kubeadmNode([
      tree('/etc/kubernetes/pki', all),
      stat(path, { mode: 0o640, holds: ['private-key'] }),
    ])

    expect(pki('private-key', node)).toContainEqual(expect.objectContaining({ path, mode: 0o640 }))
  })

  it('passes over no file because its type is not known', () => {
    const path = '/etc/kubernetes/pki/sa.key'
    const node = kubeadmNode([stat(path, { mode: 0o644, type: 'unknown', holds: ['private-key'] })])

    expect(pki('private-key', node)).toContainEqual(expect.objectContaining({ path, mode: 0o644 }))
  })

  it('learns from the content and the derived key when the collector did not say what a file holds', () => {
    const path = '/etc/kubernetes/pki/apiserver'
    const node = kubeadmNode([stat(`${path}.crt`, { mode: 0o644 }), stat(`${path}.key`)])

    expect(pki('certificate', node)).toContainEqual(expect.objectContaining({ path: `${path}.crt` }))
    expect(pki('private-key', node)).toContainEqual(expect.objectContaining({ path: `${path}.key` }))
    expect(pki('private-key', node)).not.toContainEqual(expect.objectContaining({ path: `${path}.crt` }))
  })

  it('has an entry for a part of the tree that could not be listed', () => {
    expect(pki('private-key', kubeadmNode([denied('directory', '/etc/kubernetes/pki/etcd')]))).toContainEqual(
      {
        unavailable: 'permission-denied',
      },
    )
  })

  it('has an entry for a file nobody could look into', () => {
    const path = '/etc/kubernetes/pki/sa.key'

    expect(pki('private-key', kubeadmNode([stat(path)]))).toContainEqual({ unavailable: 'not-collected' })
  })

  it.each(['permission-denied', 'odd-name'] as const)(
    'has an entry for a directory that could not be listed: %s',
    (reason) => {
      const item: RawItem = {
        kind: 'directory',
        id: 'directory:/var/lib/kubelet/pki',
        path: '/var/lib/kubelet/pki',
        state: 'unavailable',
        reason,
      }

      expect(pki('private-key', kubeadmNode([item]))).toContainEqual({ unavailable: reason })
    },
  )

  it('has an entry for a certificate in use that does not exist', () => {
    const path = '/etc/kubernetes/pki/apiserver.crt'
    const node = kubeadmNode([missing('file', path), missing('content', path)])

    expect(pki('certificate', node)).toContainEqual({ unavailable: 'ambiguous' })
  })

  it('has nothing where there is no PKI at all', () => {
    const units = [
      'etcd',
      'kubelet',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kube-proxy',
      'k3s',
      'k3s-agent',
      'k3s-server',
      'rke2-server',
      'rke2-agent',
    ]
    const absent = kubeadmNode()
      .view.all('directory')
      .filter((item) => item.state === 'absent')
    const node = contextOf([
      ...absent,
      ...['/etc/kubernetes/pki', '/var/lib/kubelet/pki', '/etc/kubernetes/manifests'].map((path) =>
        missing('directory', path),
      ),
      ...units.map(
        (name): RawItem => ({
          kind: 'unit',
          id: `unit:${name}.service`,
          name: `${name}.service`,
          state: 'absent',
        }),
      ),
    ])

    expect(pki('any', node)).toBeUndefined()
  })
})

describe('cni-files', () => {
  const networks = '/var/lib/cni/networks'

  it('lists configuration and address files, and no lock files', () => {
    const node = kubeadmNode([
      tree(networks, ['cbr0', 'cbr0/10.244.0.2', 'cbr0/last_reserved_ip.0', 'cbr0/lock']),
      stat(networks, { type: 'directory' }),
      stat(`${networks}/cbr0`, { type: 'directory' }),
      stat(`${networks}/cbr0/10.244.0.2`, { mode: 0o644 }),
      stat(`${networks}/cbr0/last_reserved_ip.0`),
      stat(`${networks}/cbr0/lock`, { mode: 0o750 }),
    ])

    expect(paths(factOf({ fact: 'cni-files' }, node))).toEqual([
      '/etc/cni/net.d/10-flannel.conflist',
      `${networks}/cbr0/10.244.0.2`,
      `${networks}/cbr0/last_reserved_ip.0`,
    ])
  })

  it('does not take a configuration file called lock for a lock file', () => {
    const node = kubeadmNode([
      directory('/etc/cni/net.d', 'lock'),
      stat('/etc/cni/net.d/lock', { mode: 0o666 }),
    ])

    expect(factOf({ fact: 'cni-files' }, node)).toMatchObject([{ path: '/etc/cni/net.d/lock', mode: 0o666 }])
  })

  it('looks where containerd was told to look', () => {
    const node = kubeadmNode([
      process({
        name: 'containerd',
        pid: 50,
        argv: ['/usr/bin/containerd'],
        cgroup: '0::/system.slice/containerd.service',
      }),
      content(
        '/etc/containerd/config.toml',
        'version = 2\n[plugins."io.containerd.grpc.v1.cri".cni]\nconf_dir = "/opt/cni/conf"\n',
      ),
      directory('/opt/cni/conf', '10-x.conf'),
      stat('/opt/cni/conf/10-x.conf', { mode: 0o640 }),
    ])

    expect(paths(factOf({ fact: 'cni-files' }, node))).toEqual(['/opt/cni/conf/10-x.conf'])
  })

  it('has an entry for a directory that could not be listed', () => {
    expect(
      factOf({ fact: 'cni-files' }, kubeadmNode([denied('directory', '/etc/cni/net.d')])),
    ).toContainEqual({
      unavailable: 'permission-denied',
    })
  })

  it('has an entry for a part of the address files that could not be listed', () => {
    const node = kubeadmNode([
      tree(networks, ['cbr0']),
      stat(networks, { type: 'directory' }),
      denied('directory', `${networks}/cbr0`),
      stat(`${networks}/cbr0`, { type: 'directory' }),
    ])

    expect(factOf({ fact: 'cni-files' }, node)).toContainEqual({ unavailable: 'permission-denied' })
  })

  it('has nothing on a node without network plugins', () => {
    expect(
      factOf({ fact: 'cni-files' }, kubeadmNode([missing('directory', '/etc/cni/net.d')])),
    ).toBeUndefined()
  })
})

describe('admin-kubeconfigs', () => {
  const admin = (node = kubeadmNode()): unknown => paths(factOf({ fact: 'admin-kubeconfigs' }, node))
  const without = (name: string): readonly RawItem[] => [
    missing('file', `/etc/kubernetes/${name}.conf`),
    missing('content', `/etc/kubernetes/${name}.conf`),
  ]

  it('are both of kubeadm, and no kubeconfig of a component', () => {
    expect(admin()).toEqual(['/etc/kubernetes/admin.conf', '/etc/kubernetes/super-admin.conf'])
  })

  it('are one when super-admin.conf was put away', () => {
    expect(admin(kubeadmNode(without('super-admin')))).toEqual(['/etc/kubernetes/admin.conf'])
  })

  it('are none on a worker, which is not a failure', () => {
    expect(admin(kubeadmNode([...without('admin'), ...without('super-admin')]))).toBeUndefined()
  })

  it('include a copy under another name, told by the group in its certificate', () => {
    const original = kubeadmNode().view.content('/etc/kubernetes/super-admin.conf')
    const copy = '/etc/kubernetes/old.conf'
    const node = kubeadmNode([
      content(copy, original.state === 'observed' ? original.text : ''),
      stat(copy, { mode: 0o644 }),
    ])

    expect(admin(node)).toContain(copy)
  })

  it.each(['/var/lib/kubectl/kubeconfig', '/root/.kube/config'])(
    'are also the one of kOps and the one of root’s kubectl: %s',
    (path) => {
      const none = kubeadmNode([...without('admin'), ...without('super-admin'), stat(path, { mode: 0o400 })])

      expect(admin(none)).toEqual([path])
      expect(factKinds['admin-kubeconfigs']?.probes({ fact: 'admin-kubeconfigs' }, none)).toContainEqual({
        kind: 'path',
        path,
        holds: 'kubeconfig',
      })
    },
  )

  it('have an entry for one that could not be looked at', () => {
    expect(admin(kubeadmNode([denied('file', '/etc/kubernetes/admin.conf')]))).toContainEqual({
      unavailable: 'permission-denied',
    })
  })
})

describe('files that are not of the node', () => {
  const proxy = process({
    name: 'kube-proxy',
    pid: 70,
    contained: true,
    argv: ['/usr/local/bin/kube-proxy', '--kubeconfig=/var/lib/kube-proxy/kubeconfig.conf'],
  })

  it('are not asked for modes: a kubeconfig out of a ConfigMap', () => {
    expect(files('kube-proxy', 'kubeconfig', kubeadmNode([proxy]))).toBeUndefined()
  })

  it('are seen through as projected when the collector could stat them', () => {
    const item = stat('/proc/70/root/var/lib/kube-proxy/kubeconfig.conf', {
      mode: 0o644,
      target: '/var/lib/kube-proxy/..2026_11_21_06_16_39.1/kubeconfig.conf',
    })

    expect(files('kube-proxy', 'kubeconfig', kubeadmNode([proxy, item]))).toBeUndefined()
  })

  it('are measured when they are bind-mounted into the container', () => {
    const item = stat('/proc/70/root/var/lib/kube-proxy/kubeconfig.conf', { mode: 0o644 })

    expect(files('kube-proxy', 'kubeconfig', kubeadmNode([proxy, item]))).toMatchObject([{ mode: 0o644 }])
  })
})
