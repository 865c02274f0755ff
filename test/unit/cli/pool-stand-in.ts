import { serve } from '../../../packages/cli/src/archives/worker.ts';

/** A thread that says aloud that it inspects, and of all paths that it read them. */
const channel = new BroadcastChannel('tarwarden-pool-test');
serve(({ path }) => {
  channel.postMessage('inspected');
  return { path, error: { code: 'UNREADABLE', message: 'by a thread' } };
});
