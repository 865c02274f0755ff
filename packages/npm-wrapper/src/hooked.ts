/** The modules of npm that the guard gets into; hooks.ts says what it replaces in each. */
export type Hooked = 'tar' | 'pacote' | '@npmcli/arborist' | 'libnpmexec';

const HOOKED: ReadonlySet<string> = new Set<Hooked>([
  'tar',
  'pacote',
  '@npmcli/arborist',
  'libnpmexec',
]);

/** Whether a request is for one of them. */
export function isHooked(request: string): request is Hooked {
  return HOOKED.has(request);
}
