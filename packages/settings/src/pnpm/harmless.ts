/**
 * Settings that neither run code nor change what is installed, or from where. A file of another user with nothing else is no danger. A
 * test holds the list against the classification of all settings.
 */
export const PNPM_HARMLESS: ReadonlySet<string> = new Set(
  (
    'aggregateOutput bail childConcurrency color confirmModulesPurge description gitChecks gitTagVersion heading initAuthorEmail ' +
    'initAuthorName initAuthorUrl initLicense initType initVersion json long message packGzipLevel parseable progress ' +
    'publishBranch reporterHidePrefix save saveExact savePrefix saveProd saveDev saveOptional savePeer saveWorkspaceProtocol ' +
    'signGitTag sort stream tagVersionPrefix umask unicode updateNotifier useStderr workspaceConcurrency'
  ).split(' '),
);
