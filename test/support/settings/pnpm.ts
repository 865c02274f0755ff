/**
 * pnpm's settings: pnpm-workspace.yaml, for 10 also `.npmrc` and package.json#pnpm. Names in camelCase. pnpm 10 copies any
 * key over its configuration, so its inner names are among them.
 */
import type { Row } from './row.ts';

const JUDGED = 'every entry of the lockfile and every download is judged before it is linked';

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
    stops: 'what is then read from it is judged',
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
    gain: 'which packages are chosen, also for another platform, or in place of others',
    stops: JUDGED,
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
    stops: `${JUDGED}; downloads are the hook’s own`,
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
      'pnpm resolves by itself where a pnpmfile has `readPackage` or resolvers; what comes back is judged as a lockfile',
    tries: { pnprServer: 'http://127.0.0.1:9' },
  },
  {
    names: `executionEnv managePackageManagerVersions nodeDownloadMirrors packageManagerStrict
      packageManagerStrictVersion pmOnFail tools useNodeVersion`,
    class: 'source',
    gain: 'another pnpm or Node, from a mirror of the repository’s choice',
    stops: 'not judged: a runtime is no package of a registry',
    tries: { packageManagerStrict: 'false', pmOnFail: 'ignore' },
    page: 'docs/managers/pnpm.md#known-holes',
    open: 'runtimes from a mirror of the repository: to be refused unless the user named it',
  },
  {
    names: 'python cargo',
    class: 'source',
    gain: 'pnpm 12 installs wheels, sdists, crates and toolchains, of which no hook is told',
    stops: 'nothing yet',
    open: 'packages of other ecosystems are not inspected: to be refused',
  },
  {
    names: 'configDependencies include',
    class: 'guard',
    gain: 'packages that are unpacked before any hook is loaded; settings that lie in other files and in such packages',
    stops: 'nothing before the hook',
    open: 'config dependencies are unpacked before the hook and by nobody judged; what `include` names may switch the hook off (12)',
  },
  {
    names: `ignorePnpmfile pnpmfile globalPnpmfile tryLoadDefaultPnpmfile hooks finders cliOptions rawConfig
      rawCliConfig rawLocalConfig`,
    class: 'guard',
    gain: 'no hook, or another one',
    stops: 'the check in CI names it; the hook cannot: it is not loaded',
    page: 'docs/managers/pnpm.md#known-holes',
    open: 'the hook alone cannot stop it: `tarwarden pnpm`',
  },
  {
    names: `sharedWorkspaceLockfile dir workspaceDir rootProjectManifestDir rootProjectManifest
      lockfileDir lockfileDirectory ignoreWorkspace allProjects selectedProjectsGraph
      prodAllProjectsGraph prodOnlySelectedProjectDirs allProjectsGraph enginePinManifest
      nodeVersionFromEnginesRuntime symlinkedLockfileTargetDirs`,
    class: 'guard',
    gain: 'another folder as root: no pnpmfile there, another lockfile',
    stops: 'pnpm 11 and 12 take most of these from no project',
    page: 'docs/managers/pnpm.md#known-holes',
    open: '`lockfileDir` (10, 11, 12) and `sharedWorkspaceLockfile: false` (11) leave the pnpmfile out: `tarwarden pnpm`',
  },
  {
    names: `cache cacheDir globalVirtualStoreDir storeDir pnpmHomeDir configDir stateDir storeIndexFormat
      frozenStore virtualStoreType enableGlobalVirtualStore virtualStoreOnly`,
    class: 'placement',
    gain: 'a store or cache that came with the repository, linked in place of what was judged',
    stops: 'a clean download is judged, and the store’s own files are linked',
    page: 'docs/managers/pnpm.md#a-store-of-its-own',
    open: 'a store of the repository is linked unjudged: to be refused unless the user set it',
  },
  {
    names: `bin binLinks enableModulesDir enablePnp excludeLinksFromLockfile extendNodePath
      globalBinDir globalDir globalPath globalPkgDir globalPrefix globalShims globalStyle global hoist hoistPattern
      hoistWorkspacePackages hoistingLimits legacyBundling modulesCacheMaxAge modulesDir
      modulesDirsByProjectName nodeExperimentalPackageMap nodeLinker nodePackageMap
      nodePackageMapType packageImportMethod preferSymlinkedExecutables prefix
      publicHoistPattern shamefullyFlatten shamefullyHoist symlink syncInjectedDepsAfterScripts
      virtualStoreDir virtualStoreDirMaxLength extraBinPaths skills`,
    class: 'placement',
    gain: 'another layout or folder of what is installed',
    stops: `${JUDGED}, wherever that is`,
    tries: {
      enableModulesDir: 'false',
      extendNodePath: 'false',
      hoist: 'false',
      hoistPattern: '["*"]',
      modulesDir: './other',
      nodeLinker: 'hoisted',
      packageImportMethod: 'copy',
      publicHoistPattern: '["*"]',
      shamefullyHoist: 'true',
      symlink: 'false',
      virtualStoreDir: './other',
      virtualStoreDirMaxLength: '60',
    },
  },
  {
    names: 'dlxCacheMaxAge',
    class: 'guard',
    gain: 'a warm `dlx` tree runs for ever',
    stops: 'no hook is called for it',
    page: 'docs/managers/pnpm.md#known-holes',
    open: 'a warm `dlx` tree runs unjudged',
  },
  {
    names: `frozenLockfile gitBranchLockfile lockfile lockfileIncludeTarballUrl lockfileOnly
      mergeGitBranchLockfiles mergeGitBranchLockfilesBranchPattern optimisticRepeatInstall packageLock
      packageLockOnly preferFrozenLockfile shrinkwrap useGitBranchLockfile useLockfile
      verifyDepsBeforeRun`,
    class: 'source',
    gain: 'another lockfile, or none; an install that is skipped',
    stops: `${JUDGED}, with a lockfile and without`,
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
      'the hook compares its own download with the lockfile’s integrity; a changed store is the page’s',
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
    gain: 'the result of a build in place of a package’s own files, from the store or a server',
    stops:
      'pnpm takes server, keys and signing from no project; a store that an attacker wrote is the page’s',
    tries: { sideEffectsCache: 'true' },
    page: 'docs/managers/pnpm.md#a-store-of-its-own',
  },
  {
    names: 'useRunningStoreServer useStoreServer',
    class: 'integrity',
    gain: 'a store server of another process (10)',
    stops: JUDGED,
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
    gain: 'a program or script of the repository, or of an accepted package, runs; a patch changes what was judged',
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
