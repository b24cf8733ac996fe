import type { Container } from './model.ts';

/** What is wrong in words, why that is likely so, and what to do about it. */
export type Cause = { what: string; cause: string; next: string };

const quoted = (message: string) => (message === '' ? '' : ` The cluster says: ${message.slice(0, 300)}`);

/** Why an image does not come. */
export function imageCause({ image }: Container, reason: string, message: string): Cause {
  const what = `The image ${image} cannot be pulled`;
  const says = quoted(message);
  if (reason === 'InvalidImageName')
    return {
      what: `${image} is no name of an image`,
      cause: 'A typing error, or a value that was not filled in.',
      next: 'Correct the image in the manifest.',
    };
  if (reason === 'ErrImageNeverPull')
    return {
      what,
      cause: 'It is not on the node, and imagePullPolicy is Never.',
      next: 'Set imagePullPolicy to IfNotPresent.',
    };
  if (/unauthorized|authentication required|denied|forbidden|no basic auth/i.test(message))
    return {
      what,
      cause: `The registry refuses it: the pull secret is missing or wrong, or the image does not exist and the registry hides that.${says}`,
      next: 'Check imagePullSecrets of the pod and its service account, and that the name of the image is right.',
    };
  if (/not found|manifest unknown|does not exist|no such manifest/i.test(message))
    return {
      what,
      cause: `There is no such image or tag in the registry.${says}`,
      next: 'Check whether the build has pushed it, and the tag in the manifest.',
    };
  if (/toomanyrequests|rate limit/i.test(message))
    return { what, cause: `The registry limits pulls.${says}`, next: 'Pull with an account, or through a mirror.' };
  if (/x509|certificate/i.test(message))
    return {
      what,
      cause: `The nodes do not trust the registry’s certificate.${says}`,
      next: 'Give the authority to the container runtime of the nodes.',
    };
  if (/no such host|i\/o timeout|connection refused|dial tcp|deadline exceeded/i.test(message))
    return {
      what,
      cause: `The nodes do not reach the registry.${says}`,
      next: 'Check name, network and proxy of the nodes.',
    };
  return {
    what,
    cause: `The registry did not give it.${says || ' The events say more.'}`,
    next: 'Pull it by hand with the same account to see why.',
  };
}

const exits: Record<number, Omit<Cause, 'what'>> = {
  0: {
    cause: 'It ends without an error, although it should go on.',
    next: 'Check its command: a workload must not end; what ends belongs into a Job.',
  },
  126: {
    cause: 'Its command cannot be executed.',
    next: 'Check rights and format of the file; it may be built for another processor.',
  },
  127: {
    cause: 'Its command does not exist in the image.',
    next: 'Check command and args in the manifest, and what the image contains.',
  },
  134: { cause: 'It ended itself after an error within (SIGABRT).', next: 'Read its last log lines.' },
  137: {
    cause:
      'It was killed from outside (SIGKILL): by a failing liveness probe, at the end of its grace period, or by the node for memory.',
    next: 'Look at the liveness probe and at memory, then at its log.',
  },
  139: {
    cause: 'It crashed (segmentation fault).',
    next: 'Check that the image fits the processor of the node, then its native libraries.',
  },
  143: { cause: 'It was asked to end (SIGTERM) and did.', next: 'Look at the liveness probe and at what restarts it.' },
};

/** Why a container ended the last time. */
export function crashCause(container: Container, probeMessage: string | undefined): Cause {
  const { name, last, state, restarts, liveness } = container;
  const ended = state?.kind === 'terminated' ? state : last;
  const what = `The container ${name} crashes again and again (${restarts} restarts)`;
  if (ended?.reason === 'OOMKilled') return memoryCause(container, what);
  if (probeMessage !== undefined)
    return {
      what,
      cause: `Its liveness probe fails, and Kubernetes restarts it${liveness === undefined ? '' : ` (${liveness})`}: ${probeMessage.slice(0, 300)}`,
      next: 'Give it more time to start (startupProbe), or repair what the probe asks for.',
    };
  const code = ended?.exitCode ?? 1;
  const known = exits[code];
  const says = quoted(ended?.message ?? '');
  if (known) return { what, cause: `${known.cause} Exit code ${code}.${says}`, next: known.next };
  const cause = `It ends with exit code ${code}: an error at its start, often a missing setting or something it cannot reach.${says}`;
  return { what, cause, next: 'Read the log of its last run.' };
}

export function memoryCause({ name, memoryLimit }: Container, what = `The container ${name} ran out of memory`): Cause {
  return {
    what: what.includes('memory') ? what : `${what}: out of memory`,
    cause:
      memoryLimit === undefined
        ? 'The node had no memory left, and it has no limit of its own.'
        : `It needed more than its limit of ${memoryLimit}.`,
    next: 'Raise resources.limits.memory, or find out what takes the memory.',
  };
}

/** Why a container cannot be created: its message names what is missing. */
export function configurationCause({ name }: Container, message: string): Cause {
  const what = `The container ${name} cannot start: its configuration is not complete`;
  const [, kind, object] = /(configmap|secret) "([^"]+)" not found/i.exec(message) ?? [];
  if (kind !== undefined) {
    const title = kind.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
    return {
      what,
      cause: `The ${title} ${object} does not exist in its namespace.`,
      next: `Create the ${title} ${object}, or mark it as optional.`,
    };
  }
  const [, key, holder] = /couldn't find key (\S+) in (?:ConfigMap|Secret) (\S+)/i.exec(message) ?? [];
  if (key !== undefined)
    return {
      what,
      cause: `${holder} has no key ${key}.`,
      next: `Add the key ${key} to it, or correct its name in the manifest.`,
    };
  if (/runAsNonRoot|run as root|non-numeric user/i.test(message))
    return {
      what,
      cause: `It must not run as root, and the image does.${quoted(message)}`,
      next: 'Set runAsUser, or USER in the image.',
    };
  return { what, cause: `The node could not create it.${quoted(message)}`, next: 'Check what the manifest refers to.' };
}

/** Why a pod gets no node. The scheduler counts nodes by their reasons. */
export function scheduleCause(message: string): Cause {
  const what = 'No node can take it';
  const reasons: [RegExp, string, string][] = [
    [
      /Insufficient (cpu|memory|ephemeral-storage|\S+)/,
      'The nodes have not enough free $1.',
      'Lower resources.requests, or add nodes.',
    ],
    [
      /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "[^"]+" not found/,
      'Its volume is not there yet.',
      'Look at the PersistentVolumeClaim and its StorageClass.',
    ],
    [
      /volume node affinity conflict/,
      'Its volume is in another zone than the nodes that are free.',
      'Add a node in the zone of the volume.',
    ],
    [
      /untolerated taint|had taint/,
      'Nodes are reserved (taints), and it does not tolerate that.',
      'Add a toleration, or take away the taint.',
    ],
    [
      /didn't match (?:Pod's )?node (?:affinity|selector)|node\(s\) didn't match/,
      'No node has the labels that it wants.',
      'Check nodeSelector and affinity against the labels of the nodes.',
    ],
    [/Too many pods/, 'The nodes have as many pods as they may.', 'Add nodes.'],
    [/didn't have free ports/, 'The port that it wants on the node is taken.', 'Use a Service in place of hostPort.'],
  ];
  const hits = reasons.flatMap(([pattern, cause, next]) => {
    const found = pattern.exec(message);
    return found ? [{ cause: cause.replace('$1', found[1] ?? ''), next }] : [];
  });
  const [first] = hits;
  return {
    what,
    cause:
      `${hits.map(({ cause }) => cause).join(' ')}${quoted(message)}`.trim() || 'The scheduler has not found one yet.',
    next: first?.next ?? 'Look at the events of the pod.',
  };
}
