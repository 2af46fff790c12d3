const base = 'https://sqs.us-east-1.amazonaws.com/123456789012';

export function queueUrl(name: string): string {
  return [base, name].join('/');
}
