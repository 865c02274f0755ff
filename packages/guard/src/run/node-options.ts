/** Reads and writes NODE_OPTIONS: spaces separate options, double quotes enclose spaces, and a backslash escapes inside quotes. */

/** The option that preloads `file`, with quotes if it needs them. */
export function requireOption(file: string): string {
  const quoted = /[\s"]/.test(file) ? `"${file.replaceAll(/[\\"]/g, '\\$&')}"` : file;
  return `--require ${quoted}`;
}

/** `options` with the files preloaded first, in this order; unchanged if they are first already. */
export function withPreload(options: string | undefined, ...files: readonly string[]): string {
  let joined = options?.trim() ?? '';
  for (const guardOption of files.map(requireOption).toReversed()) {
    if (joined === guardOption || joined.startsWith(`${guardOption} `)) continue;
    // If one guard runs inside another, the file may be there but not first. Move it.
    const otherOptions = ` ${joined} `.replaceAll(` ${guardOption} `, ' ').trim();
    joined = otherOptions === '' ? guardOption : `${guardOption} ${otherOptions}`;
  }
  return joined;
}

/** Variables that preload a guard into each Node program below them. Values are unquoted: quote them for a shell. */
export interface PreloadEnvironment {
  readonly NODE_OPTIONS: string;
  /** Only if the user has set it: npm uses it instead of NODE_OPTIONS for the programs that it starts. */
  readonly npm_config_node_options?: string;
}

/** The variables keep the user's own values, after the guard's. */
export function preloadEnvironment(
  env: NodeJS.ProcessEnv,
  ...files: readonly string[]
): PreloadEnvironment {
  const npmOptions = env['npm_config_node_options'];
  return {
    NODE_OPTIONS: withPreload(env['NODE_OPTIONS'], ...files),
    ...(npmOptions !== undefined &&
      npmOptions !== '' && { npm_config_node_options: withPreload(npmOptions, ...files) }),
  };
}

export function preloadsOf(options: string | undefined): string[] {
  const files: string[] = [];
  let remaining = options?.trim() ?? '';
  for (;;) {
    const [matched, quoted, plain] =
      /^--require (?:"((?:[^"\\]|\\.)*)"|(\S+))(?: |$)/.exec(remaining) ?? [];
    if (matched === undefined) return files;
    files.push(quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '');
    remaining = remaining.slice(matched.length).trimStart();
  }
}
