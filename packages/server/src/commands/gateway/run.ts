import { redactUrl } from '@tarwarden/core/text';
import { LivePolicy, signingKeyIn } from '@tarwarden/host';
import type { Logger } from 'pino';
import { openApprovals } from '../../approvals/open.ts';
import { gatewayLog } from '../../gateway/log.ts';
import { isLoopback } from '../../gateway/public-url.ts';
import { RegistryGateway, type GatewayOptions } from '../../gateway/server.ts';
import { documentThread, inspectionPool } from '../../threads/start.ts';
import { type Call, remark, tell, UsageError, type Values } from '@tarwarden/host/command-line';
import type { GATEWAY_OPTIONS } from './definition.ts';
import { listen, listenAddress, stopRequested } from '../serving.ts';
import { storageAt } from '../storage.ts';

type Options = Values<typeof GATEWAY_OPTIONS>;

/** Milliseconds for unfinished requests after a stop. */
const GRACE = 10_000;

/** The ecosystems whose documents contain addresses of archives. */
const NAMES_ITSELF: ReadonlySet<string> = new Set(['npm', 'pypi']);

/** `tarwarden-server gateway`. Runs until it is stopped. */
export async function gatewayCommand({
  values,
  mainUrl,
}: Call<typeof GATEWAY_OPTIONS>): Promise<number> {
  const upstream = addressIn(values.upstream, 'upstream');
  if (upstream === undefined) throw new UsageError('--upstream is missing', 'gateway');
  const { ecosystem } = values;
  const publicUrl = addressIn(values['public-url'], 'public-url');
  const isLocal = isLoopback(listenAddress(values.listen, 'gateway').host);
  if (publicUrl === undefined && !isLocal && NAMES_ITSELF.has(ecosystem))
    throw new UsageError('--listen beyond this machine needs --public-url', 'gateway');
  const { approvals: ledger = process.env['TARWARDEN_APPROVALS'] } = values;
  if (publicUrl === undefined && !isLocal && ledger)
    throw new UsageError(
      '--approvals needs --public-url, because refusals name the address of a page',
      'gateway',
    );
  const hideRefused = values['hide-refused'] === true;
  if (hideRefused && ecosystem !== 'npm')
    throw new UsageError('--hide-refused is for npm alone', 'gateway');
  const live = new LivePolicy({ env: process.env }, (text) => tell(`warning: ${text}`));
  const log = gatewayLog(values['log-level']);
  const signed = await signedIn(values, live);
  const approvals = await approvalsIn(
    { ledger, key: values['approvals-key'] },
    { live, log, publicUrl },
  );
  const gateway = new RegistryGateway({
    ecosystem,
    upstream,
    publicUrl: publicUrl?.href.replace(/\/$/, ''),
    allowedHosts: values['allow-host'] ?? [],
    hideRefused,
    policy: () => live.current.policy,
    env: process.env,
    ...(signed && { signed }),
    threads: inspectionPool(mainUrl, { trees: values.trees }),
    documentThread: () => documentThread(mainUrl),
    log,
    approvals,
  });
  try {
    const { ready, text } = await gateway.ready();
    if (!ready) throw new UsageError(text.trim(), 'gateway');
    const address = await listen(gateway.server, values.listen, 'gateway');
    remark(`gateway to ${redactUrl(upstream.href)} at ${address}`);
    await stopRequested();
  } finally {
    await gateway.close(GRACE);
    await approvals?.close();
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

async function approvalsIn(
  { ledger, key }: { readonly ledger: string | undefined; readonly key: string | undefined },
  {
    live,
    log,
    publicUrl,
  }: { readonly live: LivePolicy; readonly log: Logger; readonly publicUrl: URL | undefined },
): Promise<GatewayOptions['approvals']> {
  if (ledger === undefined || ledger === '') {
    if (key !== undefined) throw new UsageError('--approvals-key needs --approvals', 'gateway');
    return undefined;
  }
  try {
    return await openApprovals({
      ledger,
      key: key === undefined ? undefined : signingKeyIn(key),
      policy: () => live.current.policy,
      publicUrl: publicUrl?.href.replace(/\/$/, ''),
      log,
    });
  } catch (error) {
    // The address of a database may contain a password.
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the ledger of approvals cannot be used: ${redactUrl(why)}`, 'gateway');
  }
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
