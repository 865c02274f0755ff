import { withPreload } from './node-options.ts';

export interface GuardOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the built `preload.cjs`. */
  readonly preloadPath: string;
}

/** Variables that guard every npm started below them. Values are unquoted: quote them for a shell. */
export interface GuardEnvironment {
  readonly NODE_OPTIONS: string;
  /** Only where the user set it already: npm lets it replace NODE_OPTIONS for what it starts. */
  readonly npm_config_node_options?: string;
}

/** The user's own values are kept, behind the guard's. */
export function guardEnvironment(options: GuardOptions): GuardEnvironment {
  const { env, preloadPath } = options;
  const own = env['npm_config_node_options'];
  return {
    NODE_OPTIONS: withPreload(env['NODE_OPTIONS'], preloadPath),
    ...(own !== undefined &&
      own !== '' && { npm_config_node_options: withPreload(own, preloadPath) }),
  };
}
