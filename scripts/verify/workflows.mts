import { parse } from 'yaml';

type Permissions = Record<string, string> | string;

export interface Step {
	name?: string;
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
	env?: Record<string, unknown>;
}

export interface Job {
	permissions?: Permissions;
	'timeout-minutes'?: number;
	steps: Step[];
}

/** A GitHub workflow, as far as the checks read it. */
export interface Workflow {
	name: string;
	on: Record<string, unknown>;
	permissions?: Permissions;
	concurrency?: unknown;
	jobs: Record<string, Job>;
}

/** Reads a workflow file. Throws when it is no YAML. */
export const parseWorkflow = (text: string): Workflow => parse(text) as Workflow;

/** Whether a job may do this: its own permissions replace those of its workflow. */
export function mayWrite(workflow: Workflow, job: Job, scope: string): boolean {
	const permissions = job.permissions ?? workflow.permissions ?? 'write-all';
	if (typeof permissions === 'string') return permissions === 'write-all';
	return permissions[scope] === 'write';
}
