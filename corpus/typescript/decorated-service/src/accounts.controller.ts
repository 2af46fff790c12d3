import { Controller, Delete, Param } from '@nestjs/common';
import { AuditService } from './audit.service';

@Controller('accounts')
export class AccountsController {
  constructor(private readonly audit: AuditService) {}

  @Delete(':id')
  async remove(@Param('id') id: string): Promise<{ removed: string }> {
    await this.audit.record('account-removed', id);
    return { removed: id };
  }
}
