import { describe, it } from 'vitest'
import { khard } from '../support/khard.ts'
import { audit, expectMistake, nodes } from './mistake.ts'

describe('a name nobody knows', () => {
  it.each([
    ['target', ['audit', 'cp-1'], [/"cp-1" is not a target/, /next: .*ssh:\/\/cp-1/]],
    ['scheme', ['audit', 'sshh://cp-1'], [/"sshh:\/\/cp-1" is not a target/, /bundle:FILE/]],
    ['directory', ['audit', 'root:/no/such/image'], [/root:\/no\/such\/image/, /is not a directory/]],
    ['bundle', ['audit', 'bundle:/no/such/file'], [/\/no\/such\/file: there is no such file/, /next: /]],
    [
      'profile',
      ['audit', ...nodes, '--profile', 'kubeadm-cis-11'],
      [/no profile "kubeadm-cis-11"/, /next: Did you mean kubeadm-cis-l1/],
    ],
    ['profile file', ['audit', ...nodes, '--profile', './none.yaml'], [/none\.yaml/, /next: /]],
    ['benchmark', ['audit', ...nodes, '--benchmark', 'cis-kubernets'], [/cis-kubernets/, /cis-kubernetes/]],
    [
      'check',
      ['audit', ...nodes, '--only', 'kubelet.anonymous-auth-of'],
      [/kubelet\.anonymous-auth-of/, /kubelet\.anonymous-auth-off/],
    ],
    ['control', ['audit', ...nodes, '--skip', '1.2.999'], [/1\.2\.999/, /next: /]],
    ['format', ['audit', ...nodes, '-o', 'jsn'], [/jsn/, /json/]],
    [
      'format of the contract that is to come',
      ['audit', ...nodes, '-o', 'pdf=x.pdf'],
      [/pdf/, /text.*json.*junit.*sarif/],
    ],
    ['option', ['audit', ...nodes, '--proflie', 'x'], [/--proflie/, /--profile/]],
    ['choice', ['audit', ...nodes, '--fail-on', 'severe'], [/severe/, /critical/]],
    ['command', ['audti'], [/audti/, /audit/]],
    ['command of the contract that is to come', ['harden', '-o', 'x'], [/not built yet/, /next: .*audit/]],
    ['cluster without a kubeconfig', ['audit', '--cluster'], [/no kubeconfig/, /--kubeconfig FILE/]],
    ['kubeconfig without a cluster', ['audit', '--kubeconfig', 'x'], [/none is asked for/, /--cluster/]],
    [
      'context without a cluster',
      ['collect', '--context', 'x', '-o', 'x'],
      [/none is asked for/, /--cluster/],
    ],
    [
      'list of the contract that is to come',
      ['list', 'remediations'],
      [/not built yet/, /benchmarks, profiles, checks, facts/],
    ],
    ['list', ['list', 'check'], [/"check"/, /checks/]],
    [
      'explanation',
      ['explain', 'kubelet.anonymous-auth-of'],
      [/kubelet\.anonymous-auth-of/, /kubelet\.anonymous-auth-off/],
    ],
    ['component', ['explain', 'component-settings:kublet'], [/kublet/, /Did you mean kubelet/]],
    ['fact', ['explain', 'componentsettings'], [/Did you mean component-settings/]],
    ['evidence', ['explain', '1.2.1', '--evidence', '/no/such/file'], [/there is no such file/]],
    ['inventory', ['audit', '--inventory', '/no/inventory.yaml'], [/\/no\/inventory\.yaml/, /next: /]],
    [
      'SSH configuration',
      ['audit', 'ssh://x', '--ssh-config', '/no/ssh_config'],
      [/\/no\/ssh_config/, /next: /],
    ],
  ] as const)('is a mistake that names the nearest one: %s', async (_what, args, words) => {
    expectMistake(await khard(args), ...words)
  })

  it('is refused where two spellings name the same target', async () => {
    expectMistake(
      await khard(['audit', 'ssh://cp-1', 'ssh://cp-1']),
      /"ssh:\/\/cp-1" is given twice/,
      /next: /,
    )
  })
})

describe('a value out of range', () => {
  it.each([
    ['--at', 'yesterday', /2026-03-01/],
    ['--at', '2026-02-30', /no day 2026-02-30/],
    ['--max-errors', '-1', /whole number/],
    ['--timeout', '0', /seconds/],
    ['--concurrency', '0', /whole number from 1/],
    ['--level', '3', /1 or 2/],
  ])('is a mistake that says what the option takes: %s %s', async (option, value, word) => {
    expectMistake(await audit([option, value]), option, word)
  })
})
