import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { statusOf } from '../../../core/api';
import type { Json } from '../../../core/json';

/** The answer, or an error that says what its status means where that is known. */
export async function explainStatus(
	context: IExecuteFunctions,
	answer: Promise<Json>,
	meanings: Readonly<Record<number, string>>,
): Promise<Json> {
	return await answer.catch((error: Error) => {
		const message = meanings[statusOf(error) ?? 0];
		if (message === undefined) throw error;
		throw new NodeOperationError(context.getNode(), message, {
			description: 'Manage webhooks in Gen under Perfil e preferências > Notificações.',
		});
	});
}
