/* Options of the command line describe what server.yaml does, for one registry. */
import { printable } from '@tarwarden/core/text';
import { UsageError, type Values } from '@tarwarden/guard/command-line';
import { checkConfiguration } from '../../configuration/configuration-file.ts';
import type { ServerConfiguration } from '../../configuration/configuration.ts';
import type { definition } from './definition.ts';

export type GatewayValues = Values<typeof definition.options>;

/** The options by the last key of their value in server.yaml. */
const OPTIONS: Readonly<Record<string, string>> = {
  listen: '--listen',
  publicUrl: '--public-url',
  upstream: '--upstream',
  storage: '--cache',
  policy: '--policy',
};

/** @throws UsageError */
export function configurationOfFlags(values: GatewayValues): ServerConfiguration {
  const { upstream, ecosystem = 'npm', listen, 'public-url': publicUrl, cache, policy } = values;
  if (upstream === undefined) throw new UsageError('--upstream or --config is missing', 'gateway');
  const file = {
    ...(listen !== undefined && { listen }),
    ...(publicUrl !== undefined && { publicUrl }),
    registries: { [ecosystem]: { ecosystem, upstream } },
    ...(cache !== undefined && { cache: { storage: cache } }),
    ...(policy !== undefined && { policy }),
  };
  const checked = checkConfiguration(file, process.cwd());
  if ('configuration' in checked) return checked.configuration;
  const lines = checked.problems.map(({ path, message }) => {
    const option = OPTIONS[String(path.at(-1))] ?? 'the configuration';
    return printable(`${option} ${message}`.replace('publicUrl', '--public-url'), 400);
  });
  throw new UsageError(lines.join('\n'), 'gateway');
}
