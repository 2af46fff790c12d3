import { Repository, type Entity } from './repository';

export interface Member extends Entity {
  name: string;
}

export interface Loan extends Entity {
  member: string;
}

export class MemberRepository extends Repository<Member> {
  protected readonly tableName = 'library-members';
}

export class LoanRepository extends Repository<Loan> {
  protected override readonly tableName = 'library-loans';
}
