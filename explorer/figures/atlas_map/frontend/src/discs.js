// A node as one WebGL point: a disc with a soft rim of the background's colour, so that neighbours stay apart.
//
// sigma's own programs draw three instanced vertices per node, which software renderers run one instance at a
// time (a second per frame for 21,841 nodes), and draw everything once more for picking, which we do not need.

import { NodeProgram } from "sigma/rendering";
import { floatColor } from "sigma/utils";

const VERTEX_SHADER_SOURCE = `
attribute vec2 a_position;
attribute float a_size;
attribute vec4 a_color;
attribute vec4 a_rim;
uniform mat3 u_matrix;
uniform float u_scale;
varying vec4 v_color;
varying vec4 v_rim;
varying float v_radius;

void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  v_radius = a_size * u_scale;
  gl_PointSize = 2.0 * (v_radius + 1.0);
  v_color = a_color;
  v_rim = a_rim;
}`;

const FRAGMENT_SHADER_SOURCE = `
precision mediump float;
varying vec4 v_color;
varying vec4 v_rim;
varying float v_radius;

void main() {
  float distance = length(gl_PointCoord - 0.5) * 2.0 * (v_radius + 1.0);
  float inside = 1.0 - smoothstep(v_radius - 0.5, v_radius + 0.5, distance);
  float rim = max(0.5, v_radius * 0.16);
  float edge = smoothstep(v_radius - rim - 0.5, v_radius - rim + 0.5, distance) * step(2.5, v_radius);
  gl_FragColor = mix(v_color, v_rim, edge) * inside;
}`;

const { FLOAT, UNSIGNED_BYTE, POINTS } = WebGL2RenderingContext;

export class DiscProgram extends NodeProgram {
  constructor(gl, _pickingBuffer, renderer) {
    super(gl, null, renderer);
  }

  getDefinition() {
    return {
      VERTICES: 1,
      VERTEX_SHADER_SOURCE,
      FRAGMENT_SHADER_SOURCE,
      METHOD: POINTS,
      UNIFORMS: ["u_matrix", "u_scale"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_rim", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
    };
  }

  processVisibleItem(_id, start, { x, y, size, color, rim }) {
    this.array.set([x, y, size, floatColor(color), floatColor(rim)], start);
  }

  setUniforms({ sizeRatio, pixelRatio, matrix }, { gl, uniformLocations }) {
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
    gl.uniform1f(uniformLocations.u_scale, pixelRatio / sizeRatio);
  }
}
