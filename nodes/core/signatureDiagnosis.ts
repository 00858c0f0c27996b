import type { Diagnosis } from './diagnosis';
import { headerValues } from './headers';
import type { Provider } from './provider';
import { quote } from './quote';

/** Says what is wrong with the signature of a delivery that was refused. */
export function diagnoseSignature(
	{ signature, displayName }: Pick<Provider, 'signature' | 'displayName'>,
	rawHeaders: readonly string[],
): Diagnosis {
	const header = signature?.header ?? '';
	const name = `header ${quote(header)}`;
	const sent = headerValues(rawHeaders, header).filter((value) => value !== '');
	if (sent.length === 0) {
		return {
			found: `The delivery came without a signature in the ${name}.`,
			next: `Have ${displayName} send the event: it signs its deliveries.`,
		};
	}
	if (sent.length > 1) {
		return {
			found: `The ${name} came more than once.`,
			next: `Make sure that nothing between ${displayName} and n8n adds headers.`,
		};
	}
	return {
		found: `The signature in the ${name} is not that of the body that came.`,
		next: `Make sure that nothing between ${displayName} and n8n changes the body, and that the credential has the address of the API of the account that sends.`,
	};
}
