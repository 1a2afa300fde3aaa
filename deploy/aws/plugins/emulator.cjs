// Where AWS_ENDPOINT_URL names this very machine, an emulator takes the deployment, and it lacks a few things:
// deployments and route responses of WebSocket APIs (its stages deploy by themselves), and the names of AWS for
// the address of the sockets. Deploying to AWS, this does nothing.
"use strict";

const LACKING = new Set(["AWS::ApiGatewayV2::Deployment", "AWS::ApiGatewayV2::RouteResponse"]);
const OF_THIS_MACHINE = new Set(["127.0.0.1", "localhost", "[::1]"]);

class Emulator {
  constructor(serverless) {
    this.serverless = serverless;
    this.endpoint = process.env.AWS_ENDPOINT_URL;
    const local = this.endpoint && OF_THIS_MACHINE.has(new URL(this.endpoint).hostname);
    this.hooks = local ? { "aws:package:finalize:mergeCustomProviderResources": () => this.adapt() } : {};
  }

  adapt() {
    const { Resources } = this.serverless.service.provider.compiledCloudFormationTemplate;
    const dropped = new Set(Object.keys(Resources).filter((name) => LACKING.has(Resources[name].Type)));
    for (const name of dropped) delete Resources[name];
    for (const resource of Object.values(Resources)) {
      if (resource.DependsOn) {
        resource.DependsOn = [resource.DependsOn].flat().filter((name) => !dropped.has(name));
      }
      if (resource.Type === "AWS::ApiGatewayV2::Stage") {
        delete resource.Properties.DeploymentId;
        resource.Properties.AutoDeploy = true;
      }
      if (resource.Type === "AWS::Lambda::Function") {
        const stage = this.serverless.getProvider("aws").getStage();
        const { Variables } = resource.Properties.Environment;
        Variables.CLUBROOM_GATEWAY = {
          "Fn::Sub": `${this.endpoint}/_aws/execute-api/\${WebsocketsApi}/${stage}`,
        };
      }
    }
  }
}

module.exports = Emulator;
