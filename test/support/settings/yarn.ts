/** Yarn's settings: `.yarnrc.yml` of the project. */
import type { Row } from './row.ts';

const INSPECTED =
  'every tarball is inspected before it is converted, and every archive as it leaves any cache';

export const yarnSettings: readonly Row[] = [
  {
    names: `changesetBaseRefs changesetIgnorePatterns constraintsPath deferredVersionFolder
      enableCacheClean enableColors enableConstraintsChecks enableHyperlinks enableInlineBuilds
      enableInlineHunks enableMessageNames enableProgressBars enableTelemetry enableTimers enableTips
      initEditorConfig initFields initScope lastUpdateCheck npmAuditExcludePackages
      npmAuditIgnoreAdvisories npmAuditRegistry npmPublishAccess npmPublishProvenance
      npmPublishRegistry preferAggregateCacheInfo preferDeferredVersions preferInteractive
      preferTruncatedLines progressBarStyle telemetryInterval telemetryUserId tsEnableAutoTypes`,
    class: 'harmless',
    gain: 'another output; how packages are made and published',
    stops: 'fetches no package',
    tries: { enableInlineBuilds: 'true', enableMessageNames: 'false', enableProgressBars: 'false' },
  },
  {
    names: 'logFilters',
    class: 'guard',
    gain: 'discards the refusal, and with it Yarn’s exit code',
    stops: 'the guard sets the exit code as Yarn ends',
    test: 'test/e2e/yarn/settings.test.ts › may be filtered away, and the exit code is 1 all the same',
  },
  {
    names: `approvedGitRepositories catalog catalogs defaultLanguageName defaultProtocol
      defaultSemverRangePrefix enableTransparentWorkspaces npmMinimalAgeGate
      npmPreapprovedPackages packageExtensions preferReuse supportedArchitectures`,
    class: 'source',
    gain: 'which packages are chosen, also for another platform, or from git',
    stops: INSPECTED,
    tries: {
      defaultProtocol: '"npm:"',
      enableTransparentWorkspaces: 'false',
      packageExtensions: '{"tarwarden-neighbour@*": {dependencies: {tarwarden-subject: "1.0.0"}}}',
      preferReuse: 'true',
      supportedArchitectures: '{os: [win32]}',
    },
  },
  {
    names: `caFilePath cloneConcurrency enableNetwork enableOfflineMode enableStrictSsl httpProxy
      httpRetry httpTimeout httpsCaFilePath httpsCertFilePath httpsKeyFilePath httpsProxy
      networkConcurrency networkSettings npmAlwaysAuth npmAuthIdent npmAuthToken npmRegistries
      npmRegistryServer npmScopes taskPoolConcurrency taskPoolMode unsafeHttpWhitelist`,
    class: 'source',
    gain: 'another registry, proxy or authority, so other bytes',
    stops: INSPECTED,
    tries: {
      enableStrictSsl: 'false',
      httpRetry: '0',
      networkConcurrency: '1',
      npmRegistryServer: '"$REGISTRY"',
      npmScopes: '{x: {npmRegistryServer: "$REGISTRY"}}',
      taskPoolConcurrency: '1',
      taskPoolMode: 'async',
    },
  },
  {
    names: `cacheKeyOverride cacheMigrationMode checksumBehavior compressionLevel
      enableHardenedMode enableImmutableCache enableImmutableInstalls immutablePatterns`,
    class: 'integrity',
    gain: 'the lockfile’s checksums are not compared, or are written anew',
    stops: 'the bytes of each archive are inspected, whatever the lockfile says',
    test: 'test/e2e/yarn/caches.test.ts › is refused where checksumBehavior is %s and the place of an inspected one was taken',
    tries: {
      cacheMigrationMode: 'required-only',
      checksumBehavior: 'ignore',
      compressionLevel: '0',
      enableHardenedMode: 'false',
      enableImmutableCache: 'false',
      enableImmutableInstalls: 'false',
    },
  },
  {
    names: 'cacheFolder enableGlobalCache enableMirror',
    class: 'placement',
    gain: 'caches and stores that came with the repository',
    stops: INSPECTED,
    test: 'test/e2e/yarn/caches.test.ts › is refused from a zero-install cache without network (${linker})',
    tries: {
      cacheFolder: './other',
      enableGlobalCache: 'false',
      enableMirror: 'false',
    },
  },
  {
    names: 'globalFolder installStatePath nmMode pnpUnpluggedFolder pnpmStoreFolder',
    class: 'placement',
    gain: 'stores, unplugged folders and an install state that came with the repository, used unread',
    stops:
      'a hostile package is inspected; a store that the project names is refused where packages are linked out of it, and what the guard did not see being unpacked is made anew',
    tries: {
      globalFolder: './other',
      installStatePath: './other.gz',
      nmMode: 'hardlinks-global',
      pnpUnpluggedFolder: './other',
      pnpmStoreFolder: './other',
    },
    test: 'test/e2e/yarn/stores.test.ts › is not linked from: %s',
  },
  {
    names: 'virtualFolder',
    class: 'placement',
    gain: 'names in paths',
    stops: 'holds no bytes of archives',
    tries: { virtualFolder: './other/__virtual__' },
  },
  {
    names: `nmHoistingLimits nmSelfReferences nodeExperimentalPackageMap nodeLinker
      nodePackageMapType patchFolder pnpDataPath pnpEnableEsmLoader pnpEnableInlining
      pnpFallbackMode pnpIgnorePatterns pnpMode pnpZipBackend pnpmInstallConcurrency winLinkType
      minizip`,
    class: 'placement',
    gain: 'another layout of what is installed; another reader of archives',
    stops: INSPECTED,
    test: 'test/e2e/yarn/roads.test.ts › by %s (%s, %s)',
    tries: {
      nmHoistingLimits: 'workspaces',
      nodeLinker: 'node-modules',
      pnpEnableInlining: 'false',
      pnpMode: 'loose',
      pnpZipBackend: 'js',
    },
  },
  {
    names: 'enableScripts injectEnvironmentFiles pnpShebang',
    class: 'runs-code',
    gain: 'scripts run; variables (such as NODE_OPTIONS) and a first line from the repository',
    stops: 'nothing, as without the guard; a refused package is not there to run',
    tries: { enableScripts: 'true', pnpShebang: '"#!/bin/sh"' },
    page: 'docs/managers/yarn.md#known-holes',
  },
  {
    names: 'enableStrictSettings ignoreCwd ignorePath lockfileFilename rcFilename yarnPath',
    class: 'guard',
    gain: 'another Yarn (`yarnPath`), other files of configuration or lockfile; `tarwardenRequired` not missed',
    stops: 'the check in CI; whoever writes .yarnrc.yml can take the plugin out',
    page: 'docs/managers/yarn.md#known-holes',
  },
];
