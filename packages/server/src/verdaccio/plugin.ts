/* verdaccio ignores a plugin that fails to load, so all errors are thrown in `register_middlewares`, where they end its start. */
import { VerdaccioGuard } from './guard.ts';
import type { MiddlewarePlugin } from './express.ts';
import { fieldsOf, settingsIn } from './settings.ts';

/** The build puts this file into a folder below them. */
const PROGRAMS = new URL('../', import.meta.url);

export function tarwarden(
  _merged: unknown,
  { config }: { readonly config?: unknown },
): MiddlewarePlugin {
  let guard: VerdaccioGuard | undefined;
  return {
    register_middlewares(app) {
      const [first] = Object.keys(fieldsOf(fieldsOf(config)['middlewares']));
      if (first !== undefined && first !== 'tarwarden')
        throw new Error(
          `tarwarden: ${JSON.stringify(first)} is before it in middlewares: put tarwarden first`,
        );
      try {
        guard = new VerdaccioGuard(app, settingsIn(config), {
          env: process.env,
          programs: PROGRAMS,
        });
      } catch (error) {
        throw new Error(`tarwarden: ${(error as Error).message}`, { cause: error });
      }
      app.use(guard.middleware);
    },
    async close() {
      await guard?.close();
    },
  };
}
