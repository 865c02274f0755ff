/* The parts of the inspector that need the rules. It is an entry point of the package, so that a bundle can load it when a difference is found. */
export { weighAgain, weighClaims } from '@tarwarden/core/policy';
export { OrganisationApprovals } from '../signed-approvals/organisation-approvals.ts';
export { uploadWarning } from './refused.ts';
