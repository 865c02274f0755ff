import { fileURLToPath } from 'node:url';
import { printable } from '@tarwarden/core/text';
import { StartError } from '../../verdaccio/start-error.ts';
import { startVerdaccio, type StartedVerdaccio } from '../../verdaccio/start.ts';
import { type Call, remark, tell, UsageError } from '@tarwarden/host/command-line';
import type { VERDACCIO_OPTIONS } from './definition.ts';
import { stopRequested } from '../serving.ts';

/** Milliseconds for unfinished requests after a stop. */
const GRACE = 10_000;

/** `tarwarden-server verdaccio`. Runs until it is stopped. */
export async function verdaccioCommand({
  values,
  mainUrl,
}: Call<typeof VERDACCIO_OPTIONS>): Promise<number> {
  const { config, listen, verdaccio } = values;
  if (config === undefined) throw new UsageError('--config is missing', 'verdaccio');
  const plugin = fileURLToPath(new URL('./verdaccio/plugin.cjs', mainUrl));
  let started: StartedVerdaccio;
  try {
    started = await startVerdaccio({ config, listen, verdaccio, plugin, env: process.env });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    tell(`verdaccio is not started: ${printable(error.message)}`);
    // verdaccio may have started timers that would keep the process alive.
    process.exit(2);
  }
  const { addresses, folder, version } = started;
  for (const address of addresses)
    remark(`verdaccio ${version} of ${printable(folder)}, guarded, at ${address}`);
  await stopRequested();
  await started.close(GRACE);
  // verdaccio's timers keep the process alive.
  process.exit(0);
}
