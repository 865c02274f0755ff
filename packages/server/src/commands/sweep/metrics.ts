import type { Server } from 'node:http';
import { isLoopbackAddress } from '../../sweep/http/own-host.ts';
import { TaskQueue } from '../../sweep/queue.ts';
import type { Meter } from '../../sweep/metrics/meter.ts';
import { remark, type Values } from '@tarwarden/host/command-line';
import type { SWEEP_OPTIONS } from './definition.ts';
import { listen, listenAddress } from '../serving.ts';
import { opened } from './tasks.ts';

/** Runs a command with a meter, and serves its counts to Prometheus if `--metrics` is given. */
export async function metered(
  values: Values<typeof SWEEP_OPTIONS>,
  run: (meter: Meter | undefined) => Promise<number>,
): Promise<number> {
  const { metrics } = values;
  if (metrics === undefined) return run(undefined);
  const place = /^\d+$/.test(metrics) ? `127.0.0.1:${metrics}` : metrics;
  const { host } = listenAddress(place, 'sweep', 'metrics');
  // A connection of its own: its commands wait while the queue is away, and must not delay others.
  const queue = await opened(values, async (common) => TaskQueue.open(common));
  let server: Server | undefined;
  try {
    const { metricsServer, PrometheusMeter } = await import('../../sweep/metrics/prometheus.ts');
    const meter = new PrometheusMeter(queue);
    server = metricsServer(meter, isLoopbackAddress(host));
    remark(`metrics at ${await listen(server, place, 'sweep', 'metrics')}metrics`);
    return await run(meter);
  } finally {
    server?.close();
    server?.closeAllConnections();
    await queue.close();
  }
}
