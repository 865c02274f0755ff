import type { TaskQueue } from '../queue.ts';
import type { PrometheusMeter } from './prometheus.ts';

/** Its library is loaded only where somebody wants to measure. */
export async function openMeter(queue: Pick<TaskQueue, 'states'>): Promise<PrometheusMeter> {
  const { PrometheusMeter: Meter } = await import('./prometheus.ts');
  return new Meter(queue);
}
