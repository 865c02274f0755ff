import { Worker } from 'node:worker_threads';
import { redactUrl } from '@tarwarden/core/text';
import { InspectionPool, LivePolicy } from '@tarwarden/host';
import {
  gatewayLog,
  isLoopback,
  RegistryGateway,
  type GatewayOptions,
} from '@tarwarden/registry-gateway';
import { inspectingThread } from '../archives/inspection-threads.ts';
import type { Call, Values } from '../command-line/definition.ts';
import { listenPlace } from '../command-line/listen.ts';
import type { GATEWAY_OPTIONS } from '../commands/gateway.ts';
import { tell } from '../output.ts';
import { listen, stopRequested } from '../serving.ts';
import { UsageError } from '../usage-error.ts';
import { signingKeyIn } from '../signing-key.ts';
import { storageAt } from '../verdicts/storage.ts';

type Options = Values<typeof GATEWAY_OPTIONS>;

/** Milliseconds for what is under way when it is stopped. */
const GRACE = 10_000;

/** In documents of these are addresses of archives. */
const NAMES_ITSELF: ReadonlySet<string> = new Set(['npm', 'pypi']);

/** `tarwarden gateway`: until it is stopped. */
export async function gatewayCommand({
  values,
  mainUrl,
}: Call<typeof GATEWAY_OPTIONS>): Promise<number> {
  const upstream = addressIn(values.upstream, 'upstream');
  if (upstream === undefined) throw new UsageError('--upstream is missing', 'gateway');
  const { ecosystem } = values;
  const publicUrl = addressIn(values['public-url'], 'public-url');
  const isLocal = isLoopback(listenPlace(values.listen, 'gateway').host);
  if (publicUrl === undefined && !isLocal && NAMES_ITSELF.has(ecosystem))
    throw new UsageError('--listen beyond this machine needs --public-url', 'gateway');
  const hideRefused = values['hide-refused'] === true;
  if (hideRefused && ecosystem !== 'npm')
    throw new UsageError('--hide-refused is for npm alone', 'gateway');
  const live = new LivePolicy({ env: process.env }, (text) => tell(`warning: ${text}`));
  const log = gatewayLog(values['log-level']);
  const signed = await signedIn(values, live);
  const gateway = new RegistryGateway({
    ecosystem,
    upstream,
    publicUrl: publicUrl?.href.replace(/\/$/, ''),
    allowedHosts: values['allow-host'] ?? [],
    hideRefused,
    policy: () => live.current.policy,
    env: process.env,
    ...(signed && { signed }),
    threads: new InspectionPool(inspectingThread(mainUrl)),
    documentThread: () => new Worker(new URL('./document-thread.js', mainUrl)),
    log,
  });
  try {
    const { ready, text } = await gateway.ready();
    if (!ready) throw new UsageError(text.trim(), 'gateway');
    const address = await listen(gateway.server, values.listen, 'gateway');
    tell(`gateway to ${redactUrl(upstream.href)} at ${address}`);
    await stopRequested();
  } finally {
    await gateway.close(GRACE);
    await signed?.storage.close();
  }
  return 0;
}

async function signedIn(
  { storage, key }: Options,
  live: LivePolicy,
): Promise<GatewayOptions['signed']> {
  if (storage === undefined) {
    if (key !== undefined) throw new UsageError('--key needs --storage', 'gateway');
    return undefined;
  }
  const signing = key === undefined ? undefined : signingKeyIn(key);
  if (signing !== undefined && !live.pinnedKeys.some(({ id }) => id === signing.id))
    throw new UsageError('your policy file does not pin the key that is to sign', 'gateway');
  return {
    storage: await storageAt(storage, 'gateway'),
    keys: () => live.pinnedKeys,
    key: signing,
  };
}

function addressIn(text: string | undefined, option: string): URL | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new UsageError(`--${option} must be an http or https address`, 'gateway');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new UsageError(`--${option} may have no user name, query or fragment`, 'gateway');
  return url;
}
