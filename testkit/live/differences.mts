/**
 * Where an older n8n behaves differently, in one place: a test asks here by what differs, not by a version.
 */
const version = process.env.E2E_N8N_VERSION ?? '';

/** Whether the n8n under test is the given version or a newer one. */
function isFrom(other: string): boolean {
	return new Intl.Collator('en', { numeric: true }).compare(version, other) >= 0;
}

/**
 * Whether n8n stores a failed execution for what a trigger reports. n8n 1 cannot without taking the trigger down: there
 * the error is in n8n's log alone.
 */
export const storesTriggerErrors = isFrom('2');

/** Whether the Data Table node creates tables, which the examples that keep state need. n8n 1 cannot. */
export const createsDataTables = isFrom('2');

/** Whether an error workflow has to be published. n8n 1 refuses to, and runs it as it is. */
export const publishesErrorWorkflows = isFrom('2');
