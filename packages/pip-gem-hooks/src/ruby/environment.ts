/** The variable that makes Ruby load the guard. The guard is first, so that it is there before other code is loaded. */
export function rubyGuardEnvironment(
  env: NodeJS.ProcessEnv,
  guardPath: string,
): { readonly RUBYOPT: string } {
  const own = env['RUBYOPT'] ?? '';
  return { RUBYOPT: own === '' ? `-r${guardPath}` : `-r${guardPath} ${own}` };
}
