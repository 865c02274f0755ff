import type { TaskQueue } from '../queue.ts';
import type { PrometheusMeter } from './prometheus.ts';

/** The library is loaded only if metrics are wanted. */
export async function openMeter(queue: Pick<TaskQueue, 'states'>): Promise<PrometheusMeter> {
  const { PrometheusMeter: Meter } = await import('./prometheus.ts');
  return new Meter(queue);
}
