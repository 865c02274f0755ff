/**
 * pnpm's settings: pnpm-workspace.yaml, for 10 also `.npmrc` and package.json#pnpm. Names in camelCase. pnpm 10 copies any
 * key over its configuration, so its inner names are among them.
 */
import type { Row } from './row.ts';

const INSPECTED = 'every entry of the lockfile and every download is inspected before it is linked';

export const pnpmSettings: readonly Row[] = [
  {
    names: `_exit aggregateOutput auditLevel audit auditConfig auditIgnorePrune
      autoConfirmAllPrompts bail cacheMax cacheMin cacheLockRetries cacheLockStale cacheLockWait
      childConcurrency color concurrencyGroups confirmModulesPurge depth description embedReadme
      explicitlySetKeys failIfNoMatch failedToLoadBuiltInConfig force group hamItUp heading ifPresent json
      logsMax logstream long macosBackup message metricsRegistry parseable pending preferOnline progress
      recursive reporterHidePrefix reverse rollback searchexclude searchlimit searchopts
      searchstaleness sendMetrics sort ssoPollFrequency ssoType stream timing tmp umask unicode
      unsafePerm updateNotifier usage useBetaCli useStderr user userAgent version versions
      workspaceConcurrency yes`,
    class: 'harmless',
    gain: 'another output, order or number of workers',
    stops: 'the refusal is written by the hook itself, on standard error',
    tries: { bail: 'false', childConcurrency: '1', force: 'true', json: 'true', userAgent: 'x' },
  },
  {
    names: 'loglevel reporter',
    class: 'guard',
    gain: 'hides pnpm’s error: `silent`',
    stops: 'the hook writes by itself, and the exit code is pnpm’s',
    tries: { loglevel: 'silent', reporter: 'silent' },
  },
  {
    names: `access allowSameVersion alwaysAuth authConfig authType changedFilesIgnorePattern cidr
      commitHooks deployAllFiles forceLegacyDeploy gitChecks gitTagVersion ignorePrepublish
      initAuthorEmail initAuthorName initAuthorUrl initLicense initPackageManager initType
      initVersion otp packDestination packGzipLevel packageManager provenance publishBranch
      publishWaitTimeout requiredScripts save saveBundle saveCatalogName saveDev saveExact
      saveOptional savePeer savePrefix saveProd saveTypes saveWorkspaceProtocol scope signGitTag
      skipManifestObfuscation tagVersionPrefix testPattern update versioning wantedPackageManager`,
    class: 'harmless',
    gain: 'how packages are made and published, and what `add` and `update` write',
    stops: 'what is then read from it is inspected',
  },
  {
    names: `addMissingPeerTypes allowedDeprecatedVersions also autoDedupe autoInstallPeers
      autoInstallPeersFromHighestMatch blockExoticSubdeps bootConfig catalog catalogMode
      catalogPrune catalogs ci cleanupUnusedCatalogs cpu dedupeDirectDeps dedupeInjectedDeps
      dedupePeerDependents dedupePeers dev disallowWorkspaceCycles dryRun engineStrict
      externalDependencies filter filterProd forceIgnoresPlatform ignoreCompatibilityDb
      ignoreCurrentSpecifiers ignoreWorkspaceCycles ignoreWorkspaceRootCheck
      ignoredOptionalDependencies includeWorkspaceRoot injectWorkspacePackages legacyDirFiltering libc link
      linkWorkspacePackages minimumReleaseAge minimumReleaseAgeExclude
      minimumReleaseAgeExcludePrune minimumReleaseAgeIgnoreMissingTime minimumReleaseAgeStrict
      nodeVersion only optional os overrides packageExtensions packageConfigs packages peerDependencyRules
      peersSuffixMaxLength preferWorkspacePackages preserveAbsolutePaths production
      projectScopedOptionalPeers rebuildBundle recursiveInstall registrySupportsTimeField
      resolutionMode resolvePeersFromWorkspaceRoot runtime runtimeOnFail
      strictPeerDependencies supportedArchitectures tag trustPolicy
      trustPolicyExclude trustPolicyExcludePrune trustPolicyIgnoreAfter updateConfig
      workspacePackagePatterns workspacePackages workspacePrefix workspaceRoot allowNew`,
    class: 'source',
    gain: 'which packages are chosen, also for another platform, or instead of others',
    stops: INSPECTED,
    tries: {
      autoInstallPeers: 'false',
      blockExoticSubdeps: 'false',
      catalogMode: 'strict',
      ci: 'false',
      dedupeDirectDeps: 'true',
      engineStrict: 'true',
      forceIgnoresPlatform: 'true',
      ignoredOptionalDependencies: '[x]',
      includeWorkspaceRoot: 'true',
      injectWorkspacePackages: 'true',
      minimumReleaseAge: '0',
      optional: 'false',
      os: '[win32]',
      overrides: '{tarwarden-neighbour: "npm:tarwarden-subject@1.0.0"}',
      packages: '["."]',
      production: 'true',
      resolutionMode: 'time-based',
      supportedArchitectures: '{os: [win32]}',
      trustPolicy: '"off"',
    },
  },
  {
    names: `ca cafile cert configByUri fetchMinSpeedKiBps fetchRetries fetchRetryFactor
      fetchRetryMaxtimeout fetchRetryMintimeout fetchTimeout fetchWarnTimeoutMs
      fetchingConcurrency gitShallowHosts httpProxy httpsProxy key localAddress maxSockets
      maxsockets namedRegistries networkConcurrency noProxy noproxy offline
      packageManagerNetworkConfig packageManagerRegistries preferOffline proxy registries
      registriesByPrefix registriesByScope registry registryOptionsByUrl sslConfigs strictSsl
      userConfig userconfig globalconfig npmrcAuthFile`,
    class: 'source',
    gain: 'another registry, proxy or authority, so other bytes',
    stops: `${INSPECTED}; downloads are the hook’s own`,
    tries: {
      fetchRetries: '0',
      localAddress: '127.0.0.1',
      maxSockets: '1',
      networkConcurrency: '1',
      offline: 'true',
      preferOffline: 'true',
      registry: '$REGISTRY/',
      strictSsl: 'false',
    },
  },
  {
    names: 'pnprServer',
    class: 'source',
    gain: 'a server of the repository’s choice resolves (11, 12)',
    stops:
      'pnpm resolves by itself where a pnpmfile has `readPackage` or resolvers; what comes back is inspected as a lockfile',
    tries: { pnprServer: 'http://127.0.0.1:9' },
  },
  {
    names: `executionEnv managePackageManagerVersions nodeDownloadMirrors packageManagerStrict
      packageManagerStrictVersion pmOnFail tools useNodeVersion`,
    class: 'source',
    gain: 'another pnpm or Node, from a mirror of the repository’s choice',
    stops:
      'a mirror that the user did not name is refused; `tarwarden pnpm` has no other pnpm downloaded, which plain pnpm does before any hook; a runtime passes by its address alone',
    tries: { packageManagerStrict: 'false', pmOnFail: 'ignore' },
    test: 'test/e2e/pnpm/foreign-settings.test.ts › refuses $id',
    page: 'docs/managers/pnpm.md#known-holes',
  },
  {
    names: 'python cargo',
    class: 'source',
    gain: 'pnpm 12 installs wheels, sdists, crates and toolchains, of which no hook is told',
    stops: 'refused, whoever sets it',
    test: 'test/e2e/pnpm/wrapper-settings.test.ts › packages of another ecosystem are refused: %s',
  },
  {
    names: 'configDependencies',
    class: 'guard',
    gain: 'packages that are unpacked before any hook is loaded, and plugins that are loaded before it',
    stops:
      'the tarball of each is inspected, and its folder compared with that, before pnpm goes on; what fails is removed, and the command fails. A plugin that comes first has run by then',
    test: 'test/e2e/pnpm/config-dependencies.test.ts › removes a hostile one, %s',
    page: 'docs/managers/pnpm.md#known-holes',
  },
  {
    names: 'include',
    class: 'guard',
    gain: 'settings that lie in other files and in config dependencies (12)',
    stops:
      'what is in force is looked at, wherever it is from; `tarwarden pnpm` beats what would drop the hook, and the check in CI names it',
    test: 'test/e2e/pnpm/wrapper-settings.test.ts › $title does not take the guard out',
    page: 'docs/managers/pnpm.md#known-holes',
  },
  {
    names: `ignorePnpmfile pnpmfile globalPnpmfile tryLoadDefaultPnpmfile hooks finders cliOptions rawConfig
      rawCliConfig rawLocalConfig`,
    class: 'guard',
    gain: 'no hook, or another one',
    stops:
      '`tarwarden pnpm`: its command line beats every file; in a script, its variables beat them on 11 and 12. Of a pnpmfile before the hook, fetchers and `importPackage` are refused. The check in CI names them; the hook alone cannot: it is not loaded',
    test: 'test/e2e/pnpm/wrapper-settings.test.ts › $name in $place does not take the guard out',
    page: 'docs/managers/pnpm.md#known-holes',
  },
  {
    names: `sharedWorkspaceLockfile dir workspaceDir rootProjectManifestDir rootProjectManifest
      lockfileDir lockfileDirectory ignoreWorkspace allProjects selectedProjectsGraph
      prodAllProjectsGraph prodOnlySelectedProjectDirs allProjectsGraph enginePinManifest
      nodeVersionFromEnginesRuntime symlinkedLockfileTargetDirs`,
    class: 'guard',
    gain: 'another folder as root: no pnpmfile there, another lockfile',
    stops:
      'pnpm 11 and 12 take most of these from no project; with `lockfileDir` (10, 11, 12) and `sharedWorkspaceLockfile: false` (11) `tarwarden pnpm` is there, and the check in CI names them',
    test: 'test/e2e/pnpm/wrapper-settings.test.ts › $title does not take the guard out',
    page: 'docs/managers/pnpm.md#known-holes',
  },
  {
    names: `cache cacheDir globalVirtualStoreDir storeDir pnpmHomeDir configDir stateDir storeIndexFormat
      frozenStore virtualStoreType enableGlobalVirtualStore virtualStoreOnly`,
    class: 'placement',
    gain: 'a store or cache that came with the repository, linked instead of what was inspected',
    stops:
      '`storeDir`, `globalVirtualStoreDir` and `cacheDir` are refused unless the user’s files, variables or command line say the same; a store in the project is refused where git tracks any of it; the others change the user’s own store only',
    test: 'test/e2e/pnpm/foreign-settings.test.ts › refuses $id',
    page: 'docs/managers/pnpm.md#a-store-of-its-own',
  },
  {
    names: 'modulesDir virtualStoreDir',
    class: 'placement',
    gain: 'packages are written outside the project',
    stops: 'taken in the project, links followed; refused outside it unless the user says the same',
    tries: { modulesDir: './other', virtualStoreDir: './other' },
    test: 'test/e2e/pnpm/foreign-settings.test.ts › refuses $id',
  },
  {
    names: `bin binLinks enableModulesDir enablePnp excludeLinksFromLockfile extendNodePath
      globalBinDir globalDir globalPath globalPkgDir globalPrefix globalShims globalStyle global hoist hoistPattern
      hoistWorkspacePackages hoistingLimits legacyBundling modulesCacheMaxAge
      modulesDirsByProjectName nodeExperimentalPackageMap nodeLinker nodePackageMap
      nodePackageMapType packageImportMethod preferSymlinkedExecutables prefix
      publicHoistPattern shamefullyFlatten shamefullyHoist symlink syncInjectedDepsAfterScripts
      virtualStoreDirMaxLength extraBinPaths skills`,
    class: 'placement',
    gain: 'another layout or folder of what is installed',
    stops: `${INSPECTED}, wherever that is`,
    tries: {
      enableModulesDir: 'false',
      extendNodePath: 'false',
      hoist: 'false',
      hoistPattern: '["*"]',
      nodeLinker: 'hoisted',
      packageImportMethod: 'copy',
      publicHoistPattern: '["*"]',
      shamefullyHoist: 'true',
      symlink: 'false',
      virtualStoreDirMaxLength: '60',
    },
  },
  {
    names: 'dlxCacheMaxAge',
    class: 'guard',
    gain: 'a warm `dlx` tree runs for ever',
    stops:
      '`tarwarden pnpm` and `tarwarden pnpx` set it to 0, so that the tree is made anew; for it as it is, no hook is called',
    test: 'test/e2e/pnpm/wrapper.test.ts › does not run what an unguarded dlx left',
    page: 'docs/managers/pnpm.md#known-holes',
  },
  {
    names: `frozenLockfile gitBranchLockfile lockfile lockfileIncludeTarballUrl lockfileOnly
      mergeGitBranchLockfiles mergeGitBranchLockfilesBranchPattern optimisticRepeatInstall packageLock
      packageLockOnly preferFrozenLockfile shrinkwrap useGitBranchLockfile useLockfile
      verifyDepsBeforeRun`,
    class: 'source',
    gain: 'another lockfile, or none; an install that is skipped',
    stops: `${INSPECTED}, with a lockfile and without; the hook switches \`optimisticRepeatInstall\` off, and on 10 the install that \`verifyDepsBeforeRun\` would start becomes an error`,
    tries: {
      gitBranchLockfile: 'true',
      lockfile: 'false',
      lockfileOnly: 'true',
      mergeGitBranchLockfiles: 'true',
      optimisticRepeatInstall: 'true',
      packageLock: 'false',
      preferFrozenLockfile: 'false',
      useLockfile: 'false',
      verifyDepsBeforeRun: 'install',
    },
  },
  {
    names: 'strictStorePkgContentCheck trustLockfile verifyStoreIntegrity maxTarballUnpackedSize',
    class: 'integrity',
    gain: 'what is in the store, or in the lockfile, is believed',
    stops:
      'the hook switches `verifyStoreIntegrity` and `strictStorePkgContentCheck` on, and compares its own download with the lockfile’s integrity; a changed store is the page’s',
    tries: {
      strictStorePkgContentCheck: 'false',
      trustLockfile: 'true',
      verifyStoreIntegrity: 'false',
    },
    page: 'docs/managers/pnpm.md#a-store-of-its-own',
  },
  {
    names: `sideEffectsCache sideEffectsCacheRead sideEffectsCacheReadonly sideEffectsCacheWrite
      remoteCache remoteSideEffectsCache readOnly`,
    class: 'integrity',
    gain: 'the result of a build instead of a package’s own files, from the store or a server',
    stops:
      'pnpm takes server, keys and signing from no project; a store that an attacker wrote is the page’s',
    tries: { sideEffectsCache: 'true' },
    page: 'docs/managers/pnpm.md#a-store-of-its-own',
  },
  {
    names: 'useRunningStoreServer useStoreServer',
    class: 'integrity',
    gain: 'a store server of another process (10)',
    stops: INSPECTED,
    tries: { useRunningStoreServer: 'false' },
  },
  {
    names: `allowBuilds allowNonAppliedPatches allowUnusedPatches browser
      dangerouslyAllowAllBuilds editor enablePrePostScripts extraEnv git ignoreDepScripts ignorePatchFailures
      ignoreScripts ignoredBuiltDependencies initModule neverBuiltDependencies nodeOptions npmPath
      onloadScript onlyBuiltDependencies onlyBuiltDependenciesFile patchedDependencies patchesDir
      permissions pipelineBase pipelines pnpmExecPath scriptShell scriptsPrependNodePath shell
      shellEmulator strictDepBuilds tasks viewer`,
    class: 'runs-code',
    gain: 'a program or script of the repository, or of an accepted package, runs; a patch changes what was inspected',
    stops: 'nothing, as without the guard; a refused package is not there to be built',
    tries: {
      allowBuilds: '{tarwarden-subject: true}',
      dangerouslyAllowAllBuilds: 'true',
      ignoreScripts: 'false',
      nodeOptions: '--no-warnings',
      onlyBuiltDependencies: '[tarwarden-subject]',
      permissions: '{tarwarden-subject: {build: true}}',
      strictDepBuilds: 'false',
    },
    page: 'docs/managers/pnpm.md#known-holes',
  },
];
