/** Settings that are looked for and that are on or off. */
const SWITCHES: ReadonlySet<string> = new Set(
  (
    'blockExoticSubdeps dangerouslyAllowAllBuilds ignorePnpmfile ignoreScripts ignoreWorkspace managePackageManagerVersions ' +
    'packageManagerStrict packageManagerStrictVersion sharedWorkspaceLockfile strictDepBuilds verifyStoreIntegrity'
  ).split(' '),
);

/** Whether a setting, by its name in YAML, is one that is on or off. */
export function isSwitch(setting: string): boolean {
  return SWITCHES.has(setting);
}
