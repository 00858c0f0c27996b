import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IWebhookFunctions,
} from 'n8n-workflow';
import type { RefusalReason } from './answers';
import { describeBody, readJsonBody } from './body';
import { UNKNOWN } from './event';
import { findBlockingFilter } from './filters';
import { headerValues } from './headers';
import { OTHER, type Delivery, type Provider } from './provider';
import { quote } from './quote';
import { redactor } from './redact';
import { readSettings } from './settings';
import { hasReadableEntry } from './sourceIp';
import { acceptedTokens } from './token';
import { diagnoseToken } from './tokenDiagnosis';

/** Why a delivery did not start the workflow: one sentence on what arrived, one on what to change. */
export interface Diagnosis {
	found: string;
	next: string;
}

/** Why a delivery does not start the workflow, as far as it ends a test. */
export type TestFailure = RefusalReason | 'event' | 'filter';

/**
 * The error that ends a test in the editor, for a delivery that the live URL would refuse or ignore. n8n shows it on
 * the trigger and runs no node.
 *
 * Names headers and query parameters but no value of theirs, and nothing of a body before its sender is
 * authenticated.
 */
export async function toTestError(
	context: IWebhookFunctions,
	provider: Provider,
	reason: TestFailure,
): Promise<NodeOperationError> {
	const { found, next } = await diagnose(context, provider, reason);
	return new NodeOperationError(context.getNode(), found, { description: next });
}

async function diagnose(
	context: IWebhookFunctions,
	provider: Provider,
	reason: TestFailure,
): Promise<Diagnosis> {
	const request = context.getRequestObject();
	const readCredential = async () =>
		await context.getCredentials<ICredentialDataDecryptedObject>(provider.credential);
	switch (reason) {
		case 'optionsUnreadable':
			return {
				found: 'The options of this node cannot be read.',
				next: 'Correct the expressions in Options.',
			};
		case 'sourceNotAllowed':
			return diagnoseSource(readSettings(context, provider).ipAllowlist, request);
		case 'credentialMissing':
			return {
				found: 'No credential is selected in this node, or the selected one was deleted.',
				next: 'Select a credential in this node.',
			};
		case 'credentialUnreadable':
			return {
				found: 'n8n cannot read the credential of this node.',
				next: 'Check the database and the encryption key of n8n.',
			};
		case 'unauthenticated':
			return diagnoseToken(provider, await readCredential(), request);
		case 'signatureInvalid':
			return diagnoseSignature(provider, request);
		case 'keysUnavailable':
			return {
				found: `n8n cannot read the public keys that verify the signatures of ${provider.displayName}.`,
				next: 'Check the API address in the credential, and whether n8n can reach it.',
			};
		case 'notAJsonObject':
			return {
				found: `The body of the delivery is ${describeBody(request)}.`,
				next: `Have ${provider.displayName} send each event as one JSON object.`,
			};
		case 'event':
		case 'filter': {
			const body = (await readJsonBody(request)) ?? {};
			const { text } = redactor(acceptedTokens(provider.token, await readCredential()));
			const { headers, query } = request;
			return reason === 'event'
				? diagnoseEvent(provider, { body, headers, query }, text)
				: diagnoseFilter(
						provider,
						readSettings(context, provider).readSelection().filters,
						body,
						text,
					);
		}
	}
}

function diagnoseSignature(
	{ displayName, signature }: Provider,
	{ rawHeaders }: Pick<ReturnType<IWebhookFunctions['getRequestObject']>, 'rawHeaders'>,
): Diagnosis {
	const header = quote(signature?.header ?? '');
	const sent = headerValues(rawHeaders, signature?.header ?? '');
	const next = `Only ${displayName} itself signs its deliveries: make it send one.`;
	if (sent.length === 0) {
		return { found: `The token is right, but no header ${header} came.`, next };
	}
	return {
		found: `The token is right, but the signature in the header ${header} does not match the body and the public keys of ${displayName}.`,
		next: `Check that the environment in the credential is the one that sends, and that nothing between ${displayName} and n8n changes the body.`,
	};
}

function diagnoseSource(
	allowlist: unknown,
	{
		ip = '',
		ips,
		headers,
	}: Pick<ReturnType<IWebhookFunctions['getRequestObject']>, 'ip' | 'ips' | 'headers'>,
): Diagnosis {
	if (!hasReadableEntry(allowlist)) {
		return {
			found: 'The IP Allowlist has no readable entry, so that it refuses everyone.',
			next: 'Enter addresses or CIDR blocks, comma-separated, such as 203.0.113.7.',
		};
	}
	const found = `The delivery came from ${quote(ip)}, which is not on the IP Allowlist.`;
	if (headers['x-forwarded-for'] === undefined) {
		return { found, next: 'If the address belongs to the provider, add it to the IP Allowlist.' };
	}
	// n8n reads the header only where N8N_PROXY_HOPS is set.
	return ips.length === 0
		? {
				found,
				next: 'The header X-Forwarded-For says that it came through a proxy: set N8N_PROXY_HOPS in n8n to the number of proxies, so that the address of the sender is checked.',
			}
		: {
				found,
				next: 'If the address belongs to the provider, add it to the IP Allowlist; if it is that of a proxy, raise N8N_PROXY_HOPS in n8n.',
			};
}

function diagnoseEvent(
	{ displayName, eventOf, events, hasCustomEvents }: Provider,
	delivery: Delivery,
	redact: (text: string) => string,
): Diagnosis {
	const { name, place } = eventOf(delivery);
	if (name === UNKNOWN) {
		return {
			found: `The delivery does not name an event that ${displayName} documents.`,
			next: 'To receive such deliveries too, select Other Events under Trigger On.',
		};
	}
	const documented = events.find(({ code }) => code === name && code !== OTHER);
	const others = hasCustomEvents ? 'Other Events, or enter it under Custom Events' : 'Other Events';
	const where = place === undefined ? '' : `, found in ${place},`;
	return {
		found: `The event ${quote(redact(name))}${where} is not selected.`,
		next: documented
			? `Select ${documented.name} under Trigger On, or All Events.`
			: `The documentation of ${displayName} does not name this event: select ${others}.`,
	};
}

function diagnoseFilter(
	{ filters }: Provider,
	settings: Parameters<typeof findBlockingFilter>[1],
	body: Delivery['body'],
	redact: (text: string) => string,
): Diagnosis {
	const blocking = findBlockingFilter(filters, settings, body);
	const name = blocking?.filter.properties[0]?.displayName ?? '';
	const values = (blocking?.sent ?? []).slice(0, 3).map((value) => quote(redact(value)));
	return {
		found: `The filter ${name} does not let ${values.join(', ')} pass.`,
		next: `${blocking?.filter.isMinimum ? 'Lower' : 'Add the value to'} the filter ${name}, or remove the filter.`,
	};
}
