/** The modules of npm in which the guard replaces methods: see hooks.ts. */
export type Hooked = 'tar' | 'pacote' | '@npmcli/arborist' | 'libnpmpack' | 'libnpmpublish';

const HOOKED: ReadonlySet<string> = new Set<Hooked>([
  'tar',
  'pacote',
  '@npmcli/arborist',
  'libnpmpack',
  'libnpmpublish',
]);

/** Whether a request is for a module that the guard changes. */
export function isHooked(request: string): request is Hooked {
  return HOOKED.has(request);
}
