import { projectPolicyTarget } from './policy-places.ts';

/** Whether `tarwarden allow`, run in the working folder, writes to the policy that counts for this folder. */
export function isWorkingProject(folder: string | undefined): boolean {
  if (folder === undefined) return false;
  try {
    return projectPolicyTarget(folder).path === projectPolicyTarget(process.cwd()).path;
  } catch {
    // A policy file cannot be read. The user's own policy can still take the exception.
    return false;
  }
}
