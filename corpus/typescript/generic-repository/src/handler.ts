import { LoanRepository, MemberRepository } from './repositories';

const members = new MemberRepository();
const loans = new LoanRepository();

export async function handler(event: { member: string; book: string; returned: boolean }) {
  const member = await members.get(event.member);
  if (!member) {
    throw new Error('no such member');
  }
  if (event.returned) {
    await loans.remove({ id: event.book });
  } else {
    await loans.put({ id: event.book, member: member.id });
  }
  return member.name;
}
