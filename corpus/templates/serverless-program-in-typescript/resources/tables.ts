export const tables = {
  Orders: {
    Type: "AWS::DynamoDB::Table",
    Properties: { TableName: "orders-${sls:stage}" },
  },
};
