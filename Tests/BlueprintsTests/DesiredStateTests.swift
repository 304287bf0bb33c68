import Blueprints
import Testing

@Suite("Desired state")
struct DesiredStateTests {
}
