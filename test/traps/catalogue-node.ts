import { type Trap, trap } from './trap.ts'

/** Traps of every node, section 4, and of evaluation and collection in general (letters). */
export const nodeTraps: readonly Trap[] = [
  trap(
    { id: '56', controls: '4.1.1' },
    'one unit file of a fixed list',
    'fails for %s, wherever systemd found it',
    'finds the kubelet’s drop-ins where the packages put them',
  ),
  trap(
    { id: '57', controls: '4.1.1' },
    'other drop-ins are ignored',
    'fails for %s, wherever systemd found it',
    'passes when unit and every drop-in are root’s alone',
  ),
  trap(
    { id: '58', controls: '4.1.2' },
    'the owner of a missing file passes',
    'has no owner that could be right: mode and owner of a missing file agree',
  ),
  trap(
    { id: '59', controls: '4.1.3' },
    'another kubeconfig is measured',
    'of kube-proxy are never the kubelet’s',
  ),
  trap(
    { id: '60', controls: '4.1.3' },
    'no kubeconfig on the host is a warning',
    'of kube-proxy are no host file where it runs in a pod',
  ),
  trap(
    { id: '61', controls: '4.1.4' },
    'the same for its owner',
    'of kube-proxy are no host file where it runs in a pod',
  ),
  trap(
    { id: '62', controls: '4.1.5' },
    'the key beside the kubeconfig is not looked at',
    'has a key in the bundle the kubelet’s kubeconfig points to',
  ),
  trap(
    { id: '63', controls: '4.1.7' },
    'client CA of the configuration file is not read',
    'has its client CA measured where its configuration file says it is',
    'may name its client CA as a word of its own behind the flag',
  ),
  trap(
    { id: '64', controls: '4.1.8' },
    'the same for its owner',
    'has its client CA measured where its configuration file says it is',
  ),
  trap(
    { id: '65', controls: '4.1.9' },
    'drop-ins are ignored, kubeconfigs measured',
    'has its configuration measured with every drop-in, and nothing else',
  ),
  trap(
    { id: '66', controls: '4.2.1' },
    'unset fails where it is safe; drop-ins are not read',
    'are safe when unset only where it has a configuration file',
    'may be opened again by a drop-in',
  ),
  trap(
    { id: '67', controls: '4.2.1 4.2.2 4.2.3 4.2.4 4.2.5 4.2.6 4.2.8 4.2.9 4.2.10 4.2.11 4.2.12' },
    'a cluster object is read in place of the node',
    'are those of the node, and an unreadable file is an error',
    'are those it was started with, when the flag says something else than the file',
  ),
  trap(
    { id: '68', controls: '4.2.2' },
    'unset fails where it is safe; substring',
    'are safe when unset only where it has a configuration file',
    'are compared whole: a mode that contains Webhook is not Webhook',
  ),
  trap(
    { id: '69', controls: '4.2.4' },
    'unset passes without a configuration file',
    'are safe when unset only where it has a configuration file',
    'are not made safe by a drop-in directory alone',
  ),
  trap(
    { id: '70', controls: '4.2.4' },
    'a drop-in cannot say 0',
    'cannot be closed by a drop-in that leaves out a zero, but by a flag',
  ),
  trap(
    { id: '72', controls: '4.2.4' },
    'unset is left to a person',
    'are safe when unset only where it has a configuration file',
  ),
  trap(
    { id: '73', controls: '4.2.5' },
    'spellings of zero; zero in a file is the default',
    'of %s is four hours in a file, and none at all in a flag',
  ),
  trap(
    { id: '74', controls: '4.2.5' },
    'text compared with a number',
    'of %s is four hours in a file, and none at all in a flag',
    'passes for any real duration',
  ),
  trap(
    { id: '75', controls: '4.2.7' },
    'the name the host has anyway fails',
    'may be overridden with the name the host has anyway',
  ),
  trap(
    { id: '76', controls: '4.2.8' },
    'a test that cannot fail',
    'are judged for events: one a second is too few, none a second is no limit',
  ),
  trap(
    { id: '77', controls: '4.2.9' },
    'requested certificates fail; none is looked into',
    'of the serving certificate is as good as a certificate in files',
    'is looked into when it rotates and no key of the configuration names it',
  ),
  trap(
    { id: '78', controls: '4.2.10' },
    'unset passes, though it is off',
    'of the client certificate is off unless somebody asked for it',
  ),
  trap(
    { id: '79', controls: '4.2.11' },
    'a gate that is on anyway',
    'of the serving certificate needs serverTLSBootstrap, not just a gate that is on anyway',
  ),
  trap(
    { id: '80', controls: '4.2.12' },
    'names accepted for one server and not the other; FIPS',
    'have two names for ChaCha20, and TLS 1.3 names, on every server',
    'can be narrowed to what FIPS approves',
    'do not matter when only TLS 1.3 is spoken, whose suites nobody can choose',
  ),
  trap(
    { id: '81', controls: '4.2.12' },
    'suites without forward secrecy pass; a list breaks the check',
    'without forward secrecy fail, and so does one bad name among good ones',
  ),
  trap({ id: '82', controls: '4.2.13' }, '-1 and 0 pass', 'are judged for process ids: %s is no limit'),
  trap({ id: '83', controls: '4.2.14' }, 'false passes', 'are judged for seccomp: false is not true'),
  trap(
    { id: '84', controls: '4.3.1' },
    'a manual control is scored',
    'is reported under a control that calls itself manual, and decided all the same',
  ),
  trap(
    { id: '85', controls: '4.3.1' },
    'the kubeconfig is read as configuration',
    'is judged by its configuration, not by its kubeconfig',
    'in a pod is judged by the file inside its container',
  ),
  trap(
    { id: '86', controls: '4.3.1' },
    'a flag kube-proxy ignores; substring; ::1 fails',
    'does not listen to the flag once it has a configuration file',
    'keeps its metrics to itself with %s',
    'does not with %s',
  ),
  trap(
    { id: '87', controls: '4.3.1' },
    'empty fails, any other address passes',
    'keeps its metrics to itself with %s',
    'does not with %s',
  ),
  trap(
    { id: 'a' },
    'no result is a pass; manual is guessed from a name',
    'without a single finding is not checked, never passed',
    'is manual because it says so, not because of its name',
  ),
  trap(
    { id: 'b' },
    'a command that failed says false',
    'never passes, whatever is asked of it: a module that should not be loaded',
  ),
  trap(
    { id: 'c' },
    'errors are swallowed; an empty list passes',
    'is said of a kernel parameter too, with the reason',
    'never passes, even where everything in it would have to hold',
  ),
  trap(
    { id: 'd' },
    'flags by substring; unread is unset; errors of the engine become failures',
    'is not found by flags that merely contain the name',
    'is not "not set": an unreadable process table says nothing of a forbidden flag',
    'is an error when a derivation breaks, neither fail nor pass',
  ),
  trap({ id: 'e' }, 'not of unknown holds', 'stays unknown under any number of negations'),
  trap({ id: 'f' }, 'a gate that heard nothing is met', 'that heard nothing is not met'),
  trap(
    { id: 'g' },
    'low impact means not applicable; skipped and passed is passed',
    'is no better for a check nobody minds: severity decides nothing',
    'of something skipped and something passed is not a pass',
  ),
  trap(
    { id: 'h' },
    'each edition copies every check',
    'holds no expectation of its own: benchmarks map to checks, and checks name no control',
  ),
]
