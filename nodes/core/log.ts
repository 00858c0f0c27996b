import type { IWebhookFunctions } from 'n8n-workflow';
import type { RefusalReason } from './answers';
import { quote } from './quote';

/** Why deliveries were refused, for the line in n8n's log. */
const REASONS: Record<RefusalReason, string> = {
	optionsUnreadable: 'the options of the trigger cannot be read: correct their expressions',
	sourceNotAllowed: 'the source IP address is not on the IP Allowlist',
	credentialMissing: 'the trigger has no credential, or it was deleted: select another one',
	credentialUnreadable:
		'the credential of the trigger cannot be read: check the database and the encryption key of n8n',
	unauthenticated: 'the token is missing or wrong',
	notAJsonObject: 'the body is not a JSON object',
};

const INTERVAL_MS = 60_000;

/** The refusals of a trigger that no line has named yet. */
interface Unlogged {
	/** When the last line was written. */
	loggedAt: number;
	counts: Map<RefusalReason, number>;
}

/** By workflow and node. Only triggers that exist come here, so their number is bounded. */
const unlogged = new Map<string, Unlogged>();

/**
 * Writes a line to n8n's log for refused deliveries: at once for the first one, then at most one a minute for each
 * trigger, with how many there were and why. No value of theirs is in it but the last address.
 *
 * @param error what n8n threw, where a reason has such an error
 */
export function logRefusal(
	context: IWebhookFunctions,
	reason: RefusalReason,
	error?: unknown,
): void {
	const [node, workflow] = [context.getNode(), context.getWorkflow()];
	const key = `${workflow.id} ${node.id}`;
	const entry: Unlogged = unlogged.get(key) ?? { loggedAt: -Infinity, counts: new Map() };
	unlogged.set(key, entry);
	entry.counts.set(reason, (entry.counts.get(reason) ?? 0) + 1);
	const now = Date.now();
	if (now - entry.loggedAt < INTERVAL_MS) return;

	const counts = [...entry.counts].map(([why, count]) => `${count} because ${REASONS[why]}`);
	const address = quote(context.getRequestObject().ip ?? '');
	context.logger.warn(
		`Refused deliveries since the last such line: ${counts.join('; ')}. The last one came from ${address}.`,
		{
			node: node.name,
			workflowId: workflow.id,
			...(error === undefined
				? {}
				: { reason: error instanceof Error ? error.message : String(error) }),
		},
	);
	unlogged.set(key, { loggedAt: now, counts: new Map() });
}
